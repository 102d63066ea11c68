#include "httpd/addresses.hpp"

#include <gtest/gtest.h>
#include <netdb.h>

#include <array>
#include <fstream>

namespace rellama::httpd::test {
namespace {

class HostAddresses : public testing::Test {
 protected:
  HostAddresses() { std::ofstream(hosts_) << "127.0.0.1 localhost\n"; }
  ~HostAddresses() override { std::filesystem::remove(hosts_); }

  void write_hosts(const std::string& text) { std::ofstream(hosts_) << text; }

  // As numbers, such as 127.0.0.1:80, one after the other.
  [[nodiscard]] std::string of(const std::string& host, int port = 80) const {
    std::string text;
    for (const SocketAddress& address : find_addresses(host, port, hosts_)) {
      std::array<char, NI_MAXHOST> number{};
      std::array<char, NI_MAXSERV> service{};
      EXPECT_EQ(::getnameinfo(address.get(), address.size, number.data(), number.size(),
                              service.data(), service.size(), NI_NUMERICHOST | NI_NUMERICSERV),
                0);
      text += std::string(number.data()) + ":" + service.data() + " ";
    }
    return text;
  }

  std::filesystem::path hosts_ = testing::TempDir() + "rellama-hosts";
};

TEST_F(HostAddresses, are_read_from_numbers) {
  EXPECT_EQ(of("127.0.0.1", 8085), "127.0.0.1:8085 ");
  EXPECT_EQ(of("127.1"), "127.0.0.1:80 ");
  EXPECT_EQ(of("0.0.0.0", 0), "0.0.0.0:0 ");
  EXPECT_EQ(of("::1", 65535), "::1:65535 ");
  EXPECT_EQ(of("fe80::1%lo"), "fe80::1%lo:80 ");
}

TEST_F(HostAddresses, are_read_from_the_file_of_hosts) {
  write_hosts(
      "# a comment\n\n127.0.0.1 localhost\n127.0.1.1\tAnns-Laptop.local  anns-laptop # mine\n"
      "::1 ip6-localhost anns-laptop\nnonsense anns-laptop\n10.0.0.1 localhost2\n");
  EXPECT_EQ(of("anns-laptop"), "127.0.1.1:80 ::1:80 ");
  EXPECT_EQ(of("ANNS-LAPTOP.local"), "127.0.1.1:80 ");
  EXPECT_EQ(of("localhost"), "127.0.0.1:80 ");
}

TEST_F(HostAddresses, localhost_needs_no_file) {
  std::filesystem::remove(hosts_);
  EXPECT_EQ(of("localhost"), "127.0.0.1:80 ::1:80 ");
}

TEST_F(HostAddresses, of_anything_else_do_not_exist) {
  for (const char* host :
       {"", "mine", "anns-laptop", "comment", "1.2.3.4.5", "fe80::1%nowhere", "::1::"}) {
    EXPECT_EQ(of(host), "") << host;
  }
}

}  // namespace
}  // namespace rellama::httpd::test

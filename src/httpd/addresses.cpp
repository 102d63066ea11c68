#include "httpd/addresses.hpp"

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <strings.h>

#include <cstdint>
#include <cstring>
#include <fstream>
#include <optional>
#include <sstream>

namespace rellama::httpd {
namespace {

template <typename Address>
SocketAddress to_socket_address(const Address& address) {
  SocketAddress made;
  std::memcpy(&made.storage, &address, sizeof address);
  made.size = sizeof address;
  return made;
}

std::optional<SocketAddress> parse_ipv4(const std::string& text, std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  // Unlike inet_pton it reads 127.1, as everything else does that takes addresses.
  if (::inet_aton(text.c_str(), &address.sin_addr) == 0) return std::nullopt;
  return to_socket_address(address);
}

// The interface of a link-local address comes after a percent sign: fe80::1%eth0.
std::optional<SocketAddress> parse_ipv6(const std::string& text, std::uint16_t port) {
  const std::size_t percent = text.find('%');
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_port = htons(port);
  if (::inet_pton(AF_INET6, text.substr(0, percent).c_str(), &address.sin6_addr) != 1) {
    return std::nullopt;
  }
  if (percent != std::string::npos) {
    address.sin6_scope_id = ::if_nametoindex(text.substr(percent + 1).c_str());
    if (address.sin6_scope_id == 0) return std::nullopt;
  }
  return to_socket_address(address);
}

std::optional<SocketAddress> parse_address(const std::string& text, std::uint16_t port) {
  auto address = parse_ipv4(text, port);
  return address ? address : parse_ipv6(text, port);
}

bool is_same_name(const std::string& one, const std::string& other) {
  return ::strcasecmp(one.c_str(), other.c_str()) == 0;
}

}  // namespace

std::vector<SocketAddress> find_addresses(const std::string& host, int port,
                                          const std::filesystem::path& hosts) {
  const auto at = static_cast<std::uint16_t>(port);
  if (const auto address = parse_address(host, at)) return {*address};

  std::vector<SocketAddress> found;
  std::ifstream file(hosts);
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line.substr(0, line.find('#')));
    std::string address;
    words >> address;
    for (std::string name; words >> name;) {
      if (!is_same_name(name, host)) continue;
      if (const auto parsed = parse_address(address, at)) found.push_back(*parsed);
      break;
    }
  }
  // RFC 6761 (6.3): this name is always the loopback address.
  if (found.empty() && is_same_name(host, "localhost")) {
    found = {*parse_ipv4("127.0.0.1", at), *parse_ipv6("::1", at)};
  }
  return found;
}

}  // namespace rellama::httpd

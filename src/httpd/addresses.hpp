#pragma once

#include <sys/socket.h>

#include <filesystem>
#include <string>
#include <vector>

namespace rellama::httpd {

/// Where a socket listens or connects to.
struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;

  [[nodiscard]] const sockaddr* get() const {
    return reinterpret_cast<const sockaddr*>(&storage);  // what the socket API takes
  }
};

/// The addresses of `host`: an IPv4 or IPv6 address, or a name that the file `hosts` has, in its
/// order. Empty if it is neither.
///
/// Not getaddrinfo: that loads modules of the system, which a statically linked program cannot do
/// (decision 0027), and a server of this machine has no address that DNS alone knows.
[[nodiscard]] std::vector<SocketAddress> find_addresses(
    const std::string& host, int port, const std::filesystem::path& hosts = "/etc/hosts");

}  // namespace rellama::httpd

#include "httpd/tcp.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

#include "httpd/addresses.hpp"

namespace rellama::httpd {
namespace {

/// With a short queue, many clients that connect at once would run into SYN timeouts.
constexpr int kBacklog = 1024;

int port_of(int socket) {
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;
  auto* address = reinterpret_cast<sockaddr*>(&storage);
  if (::getsockname(socket, address, &size) != 0) return 0;
  return ntohs(storage.ss_family == AF_INET ? reinterpret_cast<sockaddr_in*>(address)->sin_port
                                            : reinterpret_cast<sockaddr_in6*>(address)->sin6_port);
}

}  // namespace

std::variant<Listener, ListenFailure> listen_on(const std::string& host, int port) {
  ListenFailure failure{0};
  for (const SocketAddress& address : find_addresses(host, port)) {
    const int socket = ::socket(address.storage.ss_family, SOCK_STREAM, 0);
    if (socket < 0) {
      failure.error = errno;
      continue;
    }
    ::fcntl(socket, F_SETFD, FD_CLOEXEC);
    // Not SO_REUSEPORT: a port that is in use must be refused.
    const int yes = 1;
    ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (::bind(socket, address.get(), address.size) == 0 && ::listen(socket, kBacklog) == 0) {
      return Listener{socket, port_of(socket)};
    }
    failure.error = errno;
    ::close(socket);
  }
  return failure;
}

void reset_connection(int socket) {
#ifdef __linux__
  // Dissolving the association resets the connection, and leaves the socket in libmicrohttpd's
  // epoll set, where it has to be until libmicrohttpd closes it.
  const sockaddr nobody{.sa_family = AF_UNSPEC, .sa_data = {}};
  static_cast<void>(::connect(socket, &nobody, sizeof nobody));
#else
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  // The reset is sent when the last descriptor is closed, unless the connection was shut down
  // before, which libmicrohttpd does. So another socket takes the place of this one.
  const int other = ::socket(AF_INET, SOCK_STREAM, 0);
  if (other < 0) return;
  ::dup2(other, socket);
  ::close(other);
#endif
}

}  // namespace rellama::httpd

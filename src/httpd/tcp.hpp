#pragma once

#include <string>
#include <variant>

namespace rellama::httpd {

/// A listening socket and its port.
struct Listener {
  int socket;
  int port;
};

/// Why an address cannot be listened on: an `errno`, or 0 if it is not the name of any.
struct ListenFailure {
  int error;
};

/// Port 0 is any free port.
[[nodiscard]] std::variant<Listener, ListenFailure> listen_on(const std::string& host, int port);

/// Ends a connection with a TCP reset, at once. The descriptor remains valid and has to be closed.
void reset_connection(int socket);

}  // namespace rellama::httpd

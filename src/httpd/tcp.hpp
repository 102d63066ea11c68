#pragma once

#include <optional>
#include <string>

namespace rellama::httpd {

/// A listening socket and its port.
struct Listener {
  int socket;
  int port;
};

/// Port 0 is any free port. Returns nothing if the port is in use or not permitted.
[[nodiscard]] std::optional<Listener> listen_on(const std::string& host, int port);

/// Ends a connection with a TCP reset, at once. The descriptor remains valid and has to be closed.
void reset_connection(int socket);

}  // namespace rellama::httpd

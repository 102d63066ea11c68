#pragma once

#include <optional>
#include <string>

namespace rellama::emulator {

/// A socket that listens, and where.
struct Listener {
  int socket;
  int port;
};

/// Port 0 is any free one; empty where the port is taken or not permitted.
[[nodiscard]] std::optional<Listener> listen_on(const std::string& host, int port);

/// Whether the other side of a connection has closed it, or ended what it sends.
[[nodiscard]] bool has_gone(int socket);

/// Ends a connection by a TCP reset, at once. The descriptor stays valid and has to be closed.
void reset_connection(int socket);

}  // namespace rellama::emulator

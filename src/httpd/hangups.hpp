#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace rellama::httpd {

/// Finds out which clients have disconnected.
class Hangups {
 public:
  using Clock = std::chrono::steady_clock;

  virtual ~Hangups() = default;

  /// Starts to watch a socket. `id` is what `wait` calls it.
  virtual void add(int socket, std::uint64_t id) = 0;
  /// Stops. The socket must still be open.
  virtual void remove(int socket, std::uint64_t id) = 0;

  /// Waits until a client disconnects, `interrupt` is called or `deadline` has passed. Returns the
  /// ids of the clients that have disconnected, each once.
  [[nodiscard]] virtual std::vector<std::uint64_t> wait(
      std::optional<Clock::time_point> deadline) = 0;

  /// Ends a `wait` that is under way, or else the next one. May be called on any thread, like `add`
  /// and `remove`.
  virtual void interrupt() = 0;
};

/// The kernel says when a client disconnects. Null if the system has no epoll.
[[nodiscard]] std::unique_ptr<Hangups> make_epoll_hangups();

/// Whether the client at a socket has disconnected by now. Does not notice one that sent more
/// before it left.
[[nodiscard]] bool has_hung_up(int socket) noexcept;

/// Asks that of each socket twice a second. Works on every system.
[[nodiscard]] std::unique_ptr<Hangups> make_peek_hangups();

}  // namespace rellama::httpd

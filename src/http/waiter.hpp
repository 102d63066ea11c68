#pragma once

#include <chrono>
#include <memory>
#include <vector>

namespace rellama::http {

/// Waits until one of many sockets can be read or written.
class Waiter {
 public:
  using Clock = std::chrono::steady_clock;

  /// A socket that can be used. An error counts as both, since reading or writing reports it.
  struct Ready {
    int socket;
    bool readable;
    bool writable;
  };

  Waiter() = default;
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;
  virtual ~Waiter() = default;

  /// Waits from now on until `socket` can be read or written, as given; if neither, no longer.
  virtual void watch(int socket, bool read, bool write) = 0;
  /// Waits until a watched socket is ready, `wake` is called, or `until`. Replaces `ready` with the
  /// sockets that are.
  virtual void wait(Clock::time_point until, std::vector<Ready>& ready) = 0;
  /// Ends the current `wait`, or the next one if there is none. Thread-safe.
  virtual void wake() noexcept = 0;
};

/// One that costs the same for any number of sockets; null if the system has no epoll.
[[nodiscard]] std::unique_ptr<Waiter> make_epoll_waiter();

/// One that works everywhere, and costs more for each socket.
[[nodiscard]] std::unique_ptr<Waiter> make_poll_waiter();

/// How long `wait` may block, for epoll_wait() and poll(). Rounded up: waking up too early would
/// only cause another wait.
[[nodiscard]] int milliseconds_until(Waiter::Clock::time_point until) noexcept;

}  // namespace rellama::http

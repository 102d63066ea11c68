#pragma once

#include <signal.h>

#include <array>

namespace rellama::terminal {

/// Wakes a thread that waits in poll(2).
class WakePipe {
 public:
  /// Throws Error (internal).
  WakePipe();
  ~WakePipe();
  WakePipe(const WakePipe&) = delete;
  WakePipe& operator=(const WakePipe&) = delete;

  /// The descriptor to wait for.
  [[nodiscard]] int read_end() const noexcept { return ends_[0]; }
  /// May be called by a signal handler.
  void wake() const noexcept;
  /// Forgets what has woken.
  void drain() const noexcept;

 private:
  std::array<int, 2> ends_{};
};

/// Wakes when the terminal is resized. One at a time.
class ResizeWatch {
 public:
  /// `wake` must outlive this.
  explicit ResizeWatch(const WakePipe& wake);
  ~ResizeWatch();
  ResizeWatch(const ResizeWatch&) = delete;
  ResizeWatch& operator=(const ResizeWatch&) = delete;

 private:
  struct sigaction previous_ {};
};

}  // namespace rellama::terminal

#pragma once

namespace rellama::httpd {

/// A descriptor that becomes readable when another thread says so.
class Interrupt {
 public:
  /// Throws rellama::Error (network) if there are no descriptors left.
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  [[nodiscard]] int descriptor() const noexcept { return read_end_; }

  /// Makes the descriptor readable. Safe on any thread.
  void raise() const noexcept;
  /// Makes it unreadable again.
  void clear() const noexcept;

 private:
  int read_end_ = -1;
  int write_end_ = -1;
};

}  // namespace rellama::httpd

#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <stop_token>

#include "rellama/error.hpp"

namespace rellama {

namespace detail {
struct StopState;
}

/// Says whether, and why, the work should end early. Cheap to copy; a default-constructed token
/// never stops anything.
class StopToken {
 public:
  StopToken() = default;

  /// The reason to stop, if there is one by now: what was requested, or `ErrorKind::deadline` once
  /// the deadline has passed.
  [[nodiscard]] std::optional<ErrorKind> reason() const noexcept;

  /// When the work must be over, if it is bounded.
  [[nodiscard]] std::optional<std::chrono::steady_clock::time_point> deadline() const noexcept;

  /// For `std::stop_callback`; a passing deadline does not trigger it.
  [[nodiscard]] std::stop_token std_token() const noexcept;

  /// Throws Error with the reason, and `prediction_id` in its message, if there is a reason.
  void throw_if_stopped(const std::string& prediction_id = {}) const;

 private:
  friend class StopSource;
  explicit StopToken(std::shared_ptr<detail::StopState> state) : state_(std::move(state)) {}
  std::shared_ptr<detail::StopState> state_;
};

/// Where a stop comes from: a signal, a closed pipe, a deadline. Thread-safe, not
/// async-signal-safe.
class StopSource {
 public:
  /// `deadline`: when the work must be over at the latest.
  explicit StopSource(std::optional<std::chrono::steady_clock::time_point> deadline = {});

  /// Asks the work to stop. The first reason wins.
  void request(ErrorKind reason) noexcept;

  [[nodiscard]] StopToken token() const noexcept;

 private:
  std::shared_ptr<detail::StopState> state_;
};

}  // namespace rellama

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

/// Tells an operation whether, and why, it should stop early. Cheap to copy. A default-constructed
/// token never stops anything.
class StopToken {
 public:
  StopToken() = default;

  /// The reason to stop, if there is one: the requested reason, or `ErrorKind::deadline` once the
  /// deadline has passed.
  [[nodiscard]] std::optional<ErrorKind> reason() const noexcept;

  /// When the operation must have ended, if it has a deadline.
  [[nodiscard]] std::optional<std::chrono::steady_clock::time_point> deadline() const noexcept;

  /// For `std::stop_callback`. The deadline does not trigger it.
  [[nodiscard]] std::stop_token std_token() const noexcept;

  /// If there is a reason to stop, throws Error of that kind with `prediction_id` in its message.
  void throw_if_stopped(const std::string& prediction_id = {}) const;

 private:
  friend class StopSource;
  explicit StopToken(std::shared_ptr<detail::StopState> state) : state_(std::move(state)) {}
  std::shared_ptr<detail::StopState> state_;
};

/// The error of an operation that was stopped for `reason`.
[[nodiscard]] Error stop_error(ErrorKind reason, const std::string& prediction_id = {});

/// Requests stops: on a signal, a closed pipe or a deadline. Thread-safe, but not
/// async-signal-safe.
class StopSource {
 public:
  /// `deadline`: when the operation must have ended.
  explicit StopSource(std::optional<std::chrono::steady_clock::time_point> deadline = {});

  /// Requests a stop. The first reason wins.
  void request(ErrorKind reason) noexcept;

  [[nodiscard]] StopToken token() const noexcept;

 private:
  std::shared_ptr<detail::StopState> state_;
};

}  // namespace rellama

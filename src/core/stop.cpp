#include "rellama/stop.hpp"

#include <atomic>

namespace rellama {
namespace detail {

struct StopState {
  std::stop_source source;
  std::atomic<bool> requested = false;
  ErrorKind reason = ErrorKind::interrupted;  // written once, before a stop is requested
  std::optional<std::chrono::steady_clock::time_point> deadline;
};

}  // namespace detail

namespace {

ErrorParts describe(ErrorKind reason) {
  switch (reason) {
    case ErrorKind::deadline:
      return {.failed = "timed out before the answer was complete",
              .remedy = "allow more time with --timeout"};
    case ErrorKind::output_closed: return {.failed = "the output was closed"};
    case ErrorKind::hung_up: return {.failed = "the terminal hung up"};
    case ErrorKind::terminated: return {.failed = "terminated"};
    default: return {.failed = "interrupted"};
  }
}

}  // namespace

std::optional<ErrorKind> StopToken::reason() const noexcept {
  if (!state_) return std::nullopt;
  if (state_->source.stop_requested()) return state_->reason;
  if (state_->deadline && std::chrono::steady_clock::now() >= *state_->deadline) {
    return ErrorKind::deadline;
  }
  return std::nullopt;
}

std::optional<std::chrono::steady_clock::time_point> StopToken::deadline() const noexcept {
  return state_ ? state_->deadline : std::nullopt;
}

std::stop_token StopToken::std_token() const noexcept {
  return state_ ? state_->source.get_token() : std::stop_token{};
}

void StopToken::throw_if_stopped(const std::string& prediction_id) const {
  if (const auto why = reason()) throw stop_error(*why, prediction_id);
}

Error stop_error(ErrorKind reason, const std::string& prediction_id) {
  ErrorParts parts = describe(reason);
  parts.prediction_id = prediction_id;
  return {reason, std::move(parts)};
}

StopSource::StopSource(std::optional<std::chrono::steady_clock::time_point> deadline)
    : state_(std::make_shared<detail::StopState>()) {
  state_->deadline = deadline;
}

void StopSource::request(ErrorKind reason) noexcept {
  if (state_->requested.exchange(true)) return;
  state_->reason = reason;
  state_->source.request_stop();
}

StopToken StopSource::token() const noexcept {
  return StopToken(state_);
}

}  // namespace rellama

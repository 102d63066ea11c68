#pragma once

#include <chrono>
#include <optional>

#include "http/request.hpp"

namespace rellama::replicate {

/// Whether a request may be sent twice.
enum class Repeat {
  freely,               ///< reading and cancelling
  if_surely_not_taken,  ///< creating: it is billed, and there is no idempotency key
};

/// Whether the exchange may be tried again after it broke.
[[nodiscard]] bool may_repeat(Repeat repeat, const http::Failure& failure) noexcept;

/// Whether it may be tried again after this answer: a throttled request (429) was not taken.
[[nodiscard]] bool may_repeat(Repeat repeat, const http::Response& response) noexcept;

/// How long to wait before attempt number `attempt` (1 is the first repetition) where the server
/// does not say: `first` doubling up to 60 times as much, less up to a quarter by chance.
[[nodiscard]] std::chrono::milliseconds backoff(int attempt, std::chrono::milliseconds first);

/// How long the server asks us to wait: `Retry-After` in seconds or as a date, `retry_after` in the
/// body, or `ratelimit-reset` (docs/protocol.md §6).
[[nodiscard]] std::optional<std::chrono::milliseconds> requested_delay(
    const http::Response& response);

}  // namespace rellama::replicate

#pragma once

#include <chrono>
#include <optional>

#include "http/request.hpp"

namespace rellama::replicate {

/// If a server asks for a longer wait than this before a retry, its error is reported instead.
inline constexpr std::chrono::milliseconds kLongestWait{120'000};
/// How many redirects of one request are followed.
inline constexpr int kMaxRedirects = 5;

/// Whether a request may be repeated.
enum class Repeat {
  freely,                ///< reads and cancellations
  only_if_not_accepted,  ///< creates: they are billed, and there is no idempotency key
};

/// Whether a request may be retried after this failure.
[[nodiscard]] bool may_repeat(Repeat repeat, const http::Failure& failure) noexcept;

/// Whether a request may be retried after this response. A throttled request (429) was not
/// accepted.
[[nodiscard]] bool may_repeat(Repeat repeat, const http::Response& response) noexcept;

/// How long to wait before retry number `retry` (from 1) if the server does not say: `first` times
/// two for each further retry, at most 60 times, reduced by up to 25% at random.
[[nodiscard]] std::chrono::milliseconds backoff(int retry, std::chrono::milliseconds first);

/// How long the server asks us to wait: `Retry-After` in seconds or as a date, `retry_after` in the
/// body, or, for status 429, `ratelimit-reset` (docs/protocol.md §6). Nullopt if it does not say.
[[nodiscard]] std::optional<std::chrono::milliseconds> requested_delay(
    const http::Response& response);

}  // namespace rellama::replicate

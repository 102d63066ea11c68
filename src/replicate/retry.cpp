#include "replicate/retry.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <random>
#include <string>
#include <string_view>

#include "http/date.hpp"
#include "wire/problem_json.hpp"

namespace rellama::replicate {
namespace {

using std::chrono::milliseconds;

std::optional<milliseconds> from_seconds(double seconds) {
  // At most a day, in case the server is broken. This also avoids an overflow.
  if (!std::isfinite(seconds) || seconds < 0) return std::nullopt;
  return milliseconds(static_cast<std::int64_t>(std::min(seconds, 86'400.0) * 1000));
}

std::optional<double> parse_seconds(std::string_view text) {
  double seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return seconds;
}

// "… Your rate limit resets in ~30s." (docs/protocol.md §6)
std::optional<double> seconds_in_words(std::string_view text) {
  constexpr std::string_view kPhrase = "resets in ~";
  const std::size_t at = text.find(kPhrase);
  if (at == std::string_view::npos) return std::nullopt;
  double seconds = 0;
  const std::string_view number = text.substr(at + kPhrase.size());
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), seconds);
  if (error != std::errc{} || end == number.data() + number.size() || *end != 's') {
    return std::nullopt;
  }
  return seconds;
}

}  // namespace

bool may_repeat(Repeat repeat, const http::Failure& failure) noexcept {
  using Cause = http::Failure::Cause;
  if (failure.cause != Cause::connection && failure.cause != Cause::timed_out) return false;
  return repeat == Repeat::freely || !failure.request_sent;
}

bool may_repeat(Repeat repeat, const http::Response& response) noexcept {
  if (response.status == 429) return true;
  return repeat == Repeat::freely && (response.status == 408 || response.status >= 500);
}

milliseconds backoff(int retry, milliseconds first) {
  const double times = std::min(std::pow(2.0, retry - 1), 60.0);
  thread_local std::minstd_rand random(std::random_device{}());
  const double factor = std::uniform_real_distribution(0.75, 1.0)(random);
  return milliseconds(
      static_cast<std::int64_t>(static_cast<double>(first.count()) * times * factor));
}

std::optional<milliseconds> requested_delay(const http::Response& response) {
  const std::string_view header = http::find_header(response.headers, "retry-after");
  if (const auto seconds = parse_seconds(header)) return from_seconds(*seconds);
  if (const auto date = http::parse_date(std::string(header)); !header.empty() && date) {
    // By the server's own clock, if it tells its time. A date has whole seconds: the moment it
    // stands for may be almost one later.
    const std::string now(http::find_header(response.headers, "date"));
    const auto server_now = now.empty() ? std::nullopt : http::parse_date(now);
    const auto delay =
        *date + std::chrono::seconds(1) - server_now.value_or(std::chrono::system_clock::now());
    return from_seconds(std::max(0.0, std::chrono::duration<double>(delay).count()));
  }
  const wire::Problem problem = wire::parse_problem(response.body);
  if (problem.retry_after) return from_seconds(*problem.retry_after);
  if (response.status == 429) {
    if (const auto seconds = seconds_in_words(problem.detail)) return from_seconds(*seconds);
    const auto reset = http::find_header(response.headers, "ratelimit-reset");
    if (const auto seconds = parse_seconds(reset)) return from_seconds(*seconds);
  }
  return std::nullopt;
}

}  // namespace rellama::replicate

// A refusal shows what the server allows: as many requests as it accepted since the last refusal,
// in the time until it accepts the next. From then on they are spread evenly over that time, a
// tenth faster, and each success shortens the interval by a hundredth, so that a limit that was
// misjudged or raised is noticed. A refusal without a delay only shows that a request came too
// early: the interval grows by half, and shrinks by a tenth with each success. If one after another
// is refused, there is a window that it does not tell: the server is tried ever less often, and the
// first success shows how long the window was. A server that says
// how many requests are left gets them spread over the time until its limit resets once few are
// left.

#include "replicate/pacer.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <utility>

namespace rellama::replicate {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kFirstInterval{50};
constexpr milliseconds kLongestInterval{10'000};
// An interval below this is none.
constexpr milliseconds kShortestInterval{2};

// So many requests are sent at the interval that a refusal has shown before a shorter one is tried.
constexpr std::int64_t kTrial = 20;
constexpr milliseconds kShortestWindow{1'000};

// So many refusals in a row without a delay show that there is a window.
constexpr int kWindowShown = 3;
constexpr milliseconds kFirstTry{2'000};
constexpr milliseconds kLongestTry{20'000};

// Requests are spread once fewer than a fourth of them are left: short bursts are what a limit
// allows.
constexpr std::size_t kPlenty = 4;

std::optional<std::size_t> number_in(const http::Headers& headers, std::string_view name) {
  const std::string_view text = http::find_header(headers, name);
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

Pacer::Clock::time_point Pacer::reserve(Lane lane, Clock::time_point now) {
  State& pace = state(lane);
  const auto at = std::max({now, pace.next, pace.blocked_until});
  pace.next = at + std::max(pace.interval, pace.quick_interval);
  return at;
}

Pacer::Clock::time_point Pacer::blocked_until(Lane lane) const noexcept {
  return states_.at(static_cast<std::size_t>(lane)).blocked_until;
}

std::size_t Pacer::accepted(Lane lane) const noexcept {
  return states_.at(static_cast<std::size_t>(lane)).accepted;
}

void Pacer::learn(Lane lane, const http::Response& response, Clock::time_point now) {
  State& pace = state(lane);
  ++pace.accepted;
  ++pace.accepted_lately;
  if (pace.counted_from == Clock::time_point{}) pace.counted_from = now;
  if (std::exchange(pace.refused_in_row, 0) >= kWindowShown && pace.accepted_lately > 1) {
    const auto fair = (now - pace.counted_from) / (pace.accepted_lately - 1);
    pace.interval = std::min<Clock::duration>(fair, kLongestInterval);
    pace.quick_interval = {};
    pace.counted_from = now;
    pace.accepted_lately = 1;
  }
  if (pace.accepted_lately > kTrial) pace.interval = pace.interval * 99 / 100;
  pace.quick_interval = pace.quick_interval * 9 / 10;
  for (auto* interval : {&pace.interval, &pace.quick_interval}) {
    if (*interval < kShortestInterval) *interval = {};
  }

  const auto left = number_in(response.headers, "ratelimit-remaining");
  const auto reset = number_in(response.headers, "ratelimit-reset");
  if (!left || !reset || *reset > 3600) return;
  pace.limit = std::max(pace.limit, *left + 1);
  const auto window = std::chrono::seconds(*reset);
  if (*left == 0) {
    pace.blocked_until = std::max(pace.blocked_until, now + window);
  } else if (*left < pace.limit / kPlenty) {
    const auto fair = std::min<Clock::duration>(Clock::duration(window) / *left, kLongestInterval);
    pace.interval = std::max(pace.interval, fair);
  }
}

void Pacer::refused(Lane lane, milliseconds delay, Clock::time_point reserved,
                    Clock::time_point now) {
  State& pace = state(lane);
  pace.blocked_until = std::max(pace.blocked_until, now + delay);
  pace.next = std::max(pace.next, pace.blocked_until);
  // Requests that were spaced alike are refused alike: only the first refusal says something.
  if (reserved <= pace.slowed_at) return;
  pace.slowed_at = now;
  if (delay < kShortestWindow && ++pace.refused_in_row >= kWindowShown) {
    pace.quick_interval =
        std::clamp<Clock::duration>(pace.quick_interval * 2, kFirstTry, kLongestTry);
    pace.next = std::max(pace.next, now + pace.quick_interval);
  } else if (delay < kShortestWindow) {
    pace.quick_interval =
        std::clamp<Clock::duration>(pace.quick_interval * 3 / 2, kFirstInterval, kLongestInterval);
  } else if (pace.accepted_lately > 0) {
    const auto fair = (now + delay - pace.counted_from) / pace.accepted_lately;
    pace.interval = std::min<Clock::duration>(fair, kLongestInterval);
    pace.counted_from = now + delay;
    pace.accepted_lately = 0;
  }
}

}  // namespace rellama::replicate

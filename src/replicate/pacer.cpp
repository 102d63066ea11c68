// A refusal shows what the server allows: as many requests as it has accepted lately, in the time
// until it accepts the next. From then on they are spread evenly over that time. If it does not say
// when that will be, it is asked again soon, then later, and then when a minute has passed since
// the first of the requests that it accepted, because limits are those of a minute
// (docs/protocol.md §6).
//
// An interval that a refusal has shown is kept for some time. Then each success makes it shorter by
// the same small step, so that a limit that was misjudged or raised is noticed. If that is refused,
// the interval goes back to what it was, and is kept twice as long. A limit that is not told thus
// costs ever fewer refusals.
//
// A refusal that is over in less than a second, as the server says, only shows that a request came
// too early: the interval grows by half, and shrinks by a tenth with each success.
//
// A server that says how many requests are left gets them spread over the time until its limit
// resets once few are left.

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

// A shorter delay does not say when the next request will be accepted, and is believed so often.
constexpr milliseconds kShortestDelay{1'000};
constexpr int kShortDelays = 2;
// What is waited if the server does not say: the first time, the second time, and after the minute.
constexpr std::chrono::seconds kFirstTry{1};
constexpr std::chrono::seconds kSecondTry{10};
constexpr std::chrono::seconds kMinute{61};
constexpr std::chrono::seconds kLaterTry{30};

// What was accepted longer ago says nothing about a limit.
constexpr std::chrono::seconds kHalfCount{30};

// So many requests, or so much time, confirm an interval; at most eight times as much.
constexpr std::int64_t kTrial = 150;
constexpr std::chrono::seconds kTrialTime{180};
constexpr std::int64_t kLongestTrial = 8 * kTrial;
// After that, so many requests or so much time lead back to none.
constexpr std::int64_t kSteps = 400;
constexpr std::chrono::seconds kStepsTime{400};

// After a refusal, so many are sent one after the other.
constexpr std::int64_t kOneByOne = 10;

// At first, and for so many accepted one more.
constexpr std::size_t kFirstCreating = 2;
constexpr std::size_t kAcceptedForOneMore = 100;

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
  pace.next = at + std::max({pace.interval, pace.spread, pace.quick});
  const bool is_unsure = pace.slowed_at != Clock::time_point{} && pace.since_refusal < kOneByOne;
  if (is_unsure) pace.next = std::max(pace.next, at + 2 * pace.round_trip);
  return at;
}

Pacer::Clock::time_point Pacer::blocked_until(Lane lane) const noexcept {
  return states_.at(static_cast<std::size_t>(lane)).blocked_until;
}

std::size_t Pacer::accepted(Lane lane) const noexcept {
  return states_.at(static_cast<std::size_t>(lane)).accepted;
}

std::size_t Pacer::most_creating() const noexcept {
  return kFirstCreating + accepted(Lane::create) / kAcceptedForOneMore;
}

void Pacer::learn(Lane lane, const http::Response& response, Clock::time_point now,
                  Clock::duration took) {
  State& pace = state(lane);
  ++pace.accepted;
  if (now - took >= pace.slowed_at) {  // others were under way when one was refused
    ++pace.since_refusal;
    if (std::exchange(pace.refused_in_row, 0) > 0) pace.count = {};
    speed_up(pace, now);
    pace.accepted_at = now;
  }
  add(pace.count, now);
  pace.quick = pace.quick * 9 / 10;
  if (pace.quick < kShortestInterval) pace.quick = {};

  pace.spread = {};
  const auto left = number_in(response.headers, "ratelimit-remaining");
  const auto reset = number_in(response.headers, "ratelimit-reset");
  if (!left || !reset || *reset > 3600) return;
  pace.limit = std::max(pace.limit, *left + 1);
  const auto window = std::chrono::seconds(*reset);
  if (*left == 0) {
    pace.blocked_until = std::max(pace.blocked_until, now + window);
  } else if (*left < pace.limit / kPlenty) {
    pace.spread = std::min<Clock::duration>(Clock::duration(window) / *left, kLongestInterval);
  }
}

void Pacer::add(Count& count, Clock::time_point now) {
  if (count.from == Clock::time_point{}) count = {.from = now, .middle = now};
  if (now - count.middle > kHalfCount) {
    count.from = std::exchange(count.middle, now);
    count.accepted -= std::exchange(count.before_middle, 0);
    count.before_middle = count.accepted;
  }
  ++count.accepted;
}

// One step of many.
void Pacer::speed_up(State& pace, Clock::time_point now) {
  const auto trial = std::max(pace.trial, kTrial);
  const auto confirmed = now - pace.slowed_at;
  if (pace.since_refusal <= trial && confirmed <= kTrialTime * trial / kTrial) return;
  const auto since = now - std::max(pace.accepted_at, pace.slowed_at);
  const auto part = std::max(1.0 / kSteps, std::chrono::duration<double>(since) / kStepsTime);
  pace.interval -= std::chrono::duration_cast<Clock::duration>(
      std::chrono::duration<double>(pace.trusted) * std::min(part, 1.0));
  if (pace.interval >= kShortestInterval) return;
  pace.interval = {};
  pace.trusted = {};
  pace.trial = 0;
}

void Pacer::refused(Lane lane, std::optional<milliseconds> delay, Clock::time_point reserved,
                    Clock::time_point now, Clock::duration took) {
  State& pace = state(lane);
  // Requests that were spaced alike are refused alike: only the first refusal says something.
  const bool is_first = reserved > pace.slowed_at;
  const bool was_told = delay && *delay >= kShortestDelay;
  pace.round_trip = took;
  if (is_first) ++pace.refused_in_row;
  const int not_told = pace.refused_in_row - (delay ? kShortDelays : 0);
  const bool is_over_soon = delay && !was_told && not_told <= 0;
  if (was_told || is_over_soon) {
    pace.blocked_until = std::max(pace.blocked_until, now + *delay);
  } else if (is_first) {
    pace.blocked_until = std::max(pace.blocked_until, now + untold_delay(pace, not_told, now));
  }
  pace.next = std::max(pace.next, pace.blocked_until);
  if (!is_first) return;
  pace.slowed_at = now;
  if (is_over_soon) {
    pace.quick = std::clamp<Clock::duration>(pace.quick * 3 / 2, kFirstInterval, kLongestInterval);
  } else {
    slow_down(pace, was_told);
  }
}

// By `blocked_until`, when the next may be accepted.
void Pacer::slow_down(State& pace, bool was_told) {
  const bool was_trying = pace.interval < pace.trusted;  // a shorter one than before
  auto interval = pace.interval * 11 / 10;
  if (was_trying) {
    interval = std::min(interval, pace.trusted);
    pace.trial = std::min(2 * std::max(pace.trial, kTrial), kLongestTrial);
  }
  if (interval.count() == 0) interval = kFirstInterval;
  if (pace.count.accepted > 0) {
    const auto time = pace.blocked_until - pace.count.from;
    const auto fair = time / pace.count.accepted;
    // Delays are whole seconds. Few requests do not refute an interval that many have confirmed.
    const bool is_refuted =
        pace.trial == 0 || (time - kShortestDelay) / pace.count.accepted > interval;
    if (is_refuted)
      interval = pace.interval.count() == 0 && was_told ? fair : std::max(interval, fair);
  }
  pace.interval = std::min<Clock::duration>(interval, kLongestInterval);
  pace.trusted = pace.interval;
  pace.since_refusal = 0;
}

Pacer::Clock::duration Pacer::untold_delay(const State& pace, int refusals, Clock::time_point now) {
  if (refusals <= 1) return std::max<Clock::duration>(kFirstTry, 3 * pace.interval);
  if (refusals == 2) return kSecondTry;
  if (refusals > 3 || pace.count.accepted == 0) return kLaterTry;
  return std::max<Clock::duration>(pace.count.from + kMinute - now, kFirstTry);
}

}  // namespace rellama::replicate

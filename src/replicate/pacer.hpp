#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "http/request.hpp"

namespace rellama::replicate {

/// What a server limits separately (docs/protocol.md §6).
enum class Lane { create, read };

/// Spaces the requests of one client so that the server need not refuse any. It sends at once until
/// the server says or shows that this is too fast, and speeds up again afterwards.
class Pacer {
 public:
  using Clock = std::chrono::steady_clock;

  /// Reserves the next time at which a request may be sent, which may be `now`.
  [[nodiscard]] Clock::time_point reserve(Lane lane, Clock::time_point now);

  /// The time before which no request of `lane` may be sent, since the server refused one.
  [[nodiscard]] Clock::time_point blocked_until(Lane lane) const noexcept;

  /// Learns from a response that did not refuse the request and `took` so long, and from its
  /// `ratelimit-*` headers.
  void learn(Lane lane, const http::Response& response, Clock::time_point now,
             Clock::duration took = {});
  /// Learns that the server refused a request (429) that was given its time at `reserved` and
  /// `took` so long. `delay`: what has to pass before the next one, if the server said so.
  void refused(Lane lane, std::optional<std::chrono::milliseconds> delay,
               Clock::time_point reserved, Clock::time_point now, Clock::duration took = {});

  /// How many requests of `lane` the server did not refuse.
  [[nodiscard]] std::size_t accepted(Lane lane) const noexcept;
  /// How many creates should be under way at a time: those that are when a limit is reached are all
  /// refused.
  [[nodiscard]] std::size_t most_creating() const noexcept;

 private:
  // How many requests were accepted in the last half to whole minute, or since the last refusal.
  struct Count {
    Clock::time_point from{};
    std::int64_t accepted = 0;
    Clock::time_point middle{};
    std::int64_t before_middle = 0;
  };

  struct State {
    Clock::duration interval{};  // between two requests, as refusals have shown
    Clock::duration spread{};    // the same, as the last `ratelimit-*` headers say
    Clock::duration quick{};     // the same, as refusals show that are soon over
    Clock::duration trusted{};   // the interval that is tried before a shorter one
    std::int64_t trial = 0;      // for so many requests; 0: the shortest
    Clock::time_point next{};
    Clock::time_point blocked_until{};
    Clock::time_point slowed_at{};    // the last refusal that said something
    Clock::time_point accepted_at{};  // the last request
    Clock::duration round_trip{};     // of a refusal
    int refused_in_row = 0;
    std::int64_t since_refusal = 0;  // requests accepted
    std::size_t accepted = 0;        // in all
    Count count;
    std::size_t limit = 0;  // the most requests that were ever left, plus this one
  };

  static void add(Count& count, Clock::time_point now);
  static void speed_up(State& pace, Clock::time_point now);
  static void slow_down(State& pace, bool was_told);
  [[nodiscard]] static Clock::duration untold_delay(const State& pace, int refusals,
                                                    Clock::time_point now);
  [[nodiscard]] State& state(Lane lane) { return states_.at(static_cast<std::size_t>(lane)); }

  std::array<State, 2> states_{};
};

}  // namespace rellama::replicate

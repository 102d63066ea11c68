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

  /// Learns from a response that did not refuse the request, and from its `ratelimit-*` headers.
  void learn(Lane lane, const http::Response& response, Clock::time_point now);
  /// Learns that the server refused a request (429) that was sent at `sent`, and that `delay` has
  /// to pass before the next one.
  void refused(Lane lane, std::chrono::milliseconds delay, Clock::time_point reserved,
               Clock::time_point now);

  /// How many requests of `lane` the server did not refuse.
  [[nodiscard]] std::size_t accepted(Lane lane) const noexcept;

 private:
  struct State {
    // Between two requests: as the time window of the server's limit shows, and as its refusals
    // without a delay show.
    Clock::duration interval{};
    Clock::duration quick_interval{};
    Clock::time_point slowed_at{};  // when quick_interval last grew
    int refused_in_row = 0;         // without a delay
    Clock::time_point next{};
    Clock::time_point blocked_until{};
    std::size_t accepted = 0;          // in all
    std::int64_t accepted_lately = 0;  // since the last refusal
    Clock::time_point counted_from{};
    std::size_t limit = 0;  // the most requests that were ever left, plus this one
  };

  [[nodiscard]] State& state(Lane lane) { return states_.at(static_cast<std::size_t>(lane)); }

  std::array<State, 2> states_{};
};

}  // namespace rellama::replicate

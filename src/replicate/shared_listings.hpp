#pragma once

#include <chrono>
#include <deque>
#include <optional>
#include <vector>

#include "http/task.hpp"
#include "rellama/error.hpp"
#include "rellama/prediction.hpp"

namespace rellama::replicate {

/// What a response says about the server's clock, whose resolution is a second.
struct ServerTime {
  std::chrono::system_clock::time_point now;
  http::Clock::time_point asked_at;     ///< by our clock
  http::Clock::time_point answered_at;  ///< by our clock
};

/// The predictions that were created since some time.
struct Listing {
  std::chrono::system_clock::time_point created_after;
  http::Clock::time_point asked_at;
  std::optional<ServerTime> server = {};  ///< of the last page
  std::vector<Prediction> predictions = {};
  /// Whatever was created since then is in it: `created_after`, or later if there was too much.
  std::chrono::system_clock::time_point complete_since;
};

/// Listings that are made once for all searches that can use them. One search at a time makes one;
/// the others wait for it.
class SharedListings {
 public:
  /// The first listing that begins no later than `created_after` and was requested after
  /// `asked_at`. Null if there is none. Valid until the next listing is added.
  [[nodiscard]] const Listing* find(std::chrono::system_clock::time_point created_after,
                                    http::Clock::time_point asked_at) const;

  /// Whether a search is making one.
  [[nodiscard]] bool is_being_made() const noexcept { return being_made_; }
  void begin() noexcept { being_made_ = true; }
  void add(Listing listing);
  /// The search ended without one, for this reason; empty if it was its own.
  void give_up(std::optional<Error> error, http::Clock::time_point now);
  /// Why the last attempt failed, if that was after `since`.
  [[nodiscard]] const Error* failure_after(http::Clock::time_point since) const;

 private:
  static constexpr std::size_t kMostKept = 6;

  std::deque<Listing> listings_;
  bool being_made_ = false;
  std::optional<Error> failure_ = {};
  http::Clock::time_point failed_at_ = {};
};

}  // namespace rellama::replicate

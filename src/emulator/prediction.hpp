#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "emulator/clock.hpp"
#include "emulator/script.hpp"
#include "emulator/time_text.hpp"

namespace rellama::emulator {

/// How fast a prediction is.
struct Pace {
  Clock::duration cold_boot{0};
  double token_rate = 0;  ///< tokens per second; 0: all at once
};

/// The state of a prediction at some moment.
struct Progress {
  Status status = Status::starting;
  std::size_t tokens = 0;  ///< how many are visible
  std::optional<Clock::time_point> started = {};
  std::optional<Clock::time_point> completed = {};
  bool removed = false;  ///< input, output and logs are gone: docs/protocol.md §3
};

/// No thread runs a prediction. Its state at any moment follows from when it was created, its
/// script and whether it was canceled.
struct Prediction {
  std::string id;
  std::string stream_key;  ///< empty: it has no stream
  std::string model;
  std::string version;
  std::string deployment;
  Json input;
  Json webhook = nullptr;
  std::vector<std::string> webhook_events = {};  ///< to report; empty: all
  Script script;
  bool cuts_characters = false;  ///< its tokens may end inside a character
  Pace pace;
  Clock::time_point created = {};
  WallTime created_wall = {};
  std::optional<std::chrono::seconds> cancel_after = {};
  std::optional<Clock::time_point> canceled = {};  ///< guarded by the store
  Clock::duration retention = std::chrono::hours(1);

  [[nodiscard]] Progress at(Clock::time_point now) const;
  /// When the result of `at` will change next; empty once it is terminal.
  [[nodiscard]] std::optional<Clock::time_point> next_change(Clock::time_point now) const;

  /// When it is or will be terminal, as far as is known by now.
  [[nodiscard]] Clock::time_point end() const;

  [[nodiscard]] Clock::time_point ready() const { return created + pace.cold_boot; }
  [[nodiscard]] Clock::time_point time_of_token(std::size_t index) const;
  [[nodiscard]] WallTime wall(Clock::time_point time) const;

 private:
  [[nodiscard]] Clock::time_point natural_end() const;
  [[nodiscard]] std::size_t tokens_by(Clock::time_point now) const;
  /// When it was stopped from outside, if it was.
  [[nodiscard]] std::optional<Clock::time_point> stopped() const;
};

enum class View {
  created,  ///< in the reply to the create request: starting, no output
  current,  ///< the actual state
  lagging,  ///< finished, but still `processing`: docs/protocol.md §2
};

/// Returns the object of docs/protocol.md §3. `origin` is "http://host:port".
[[nodiscard]] Json prediction_json(const Prediction& prediction, const Progress& progress,
                                   View view, const std::string& origin);

}  // namespace rellama::emulator

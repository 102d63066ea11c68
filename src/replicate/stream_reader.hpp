#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "http/task.hpp"
#include "replicate/shown_output.hpp"
#include "replicate/stream_position.hpp"
#include "wire/sse_parser.hpp"

namespace rellama::replicate {

/// How one connection of an event stream ended.
struct StreamEnd {
  enum class How {
    done,      ///< the server sent `done`
    broken,    ///< it may continue after reconnecting
    unusable,  ///< it is not an event stream, or contradicts the text already shown
  };
  How how = How::broken;
  std::string why = {};
};

/// Reads one connection of an event stream and shows its output.
class StreamReader {
 public:
  /// `opened`: when the request was sent. The position is advanced.
  StreamReader(ShownOutput& shown, StreamPosition& position, const PredictionId& id,
               http::Clock::time_point opened);

  /// Takes the bytes of an event. Returns how the stream ended, if it has.
  [[nodiscard]] std::optional<StreamEnd> take(const http::Event& event);

  /// Whether the server started its answer so soon that it can be expected to answer the next
  /// request as fast.
  [[nodiscard]] bool is_near() const noexcept { return is_near_; }
  /// When an event last arrived; at first, when the stream was opened.
  [[nodiscard]] http::Clock::time_point last_event() const noexcept { return last_event_; }
  /// How long to leave the stream alone: a fast one is read in large pieces.
  [[nodiscard]] http::Clock::duration rest() const noexcept { return rest_; }
  /// The server's last `error` event; empty if there was none.
  [[nodiscard]] const std::string& error() const noexcept { return error_; }

 private:
  [[nodiscard]] std::optional<StreamEnd> read_head(const http::Event& event);
  [[nodiscard]] std::optional<StreamEnd> read_events();

  ShownOutput& shown_;
  StreamPosition& position_;
  const PredictionId& id_;
  wire::SseParser parser_;
  const http::Clock::time_point opened_;
  http::Clock::time_point last_read_;
  http::Clock::time_point last_event_;
  http::Clock::duration rest_{};
  std::string error_;
  bool recognized_ = false;
  bool is_near_ = false;
};

}  // namespace rellama::replicate

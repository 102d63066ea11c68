#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "http/task.hpp"
#include "rellama/client.hpp"
#include "replicate/api.hpp"
#include "replicate/shown_output.hpp"
#include "replicate/stream_position.hpp"
#include "replicate/stream_reader.hpp"
#include "wire/prediction_json.hpp"

namespace rellama::replicate {

/// Receives the output of a prediction until its run has ended; see Client::follow. The stream is
/// fast, but the prediction object is authoritative:
///
///     stream ──done──▶ read the object until the run has ended ──▶ show what the stream missed
///       │  ▲
///       │  └── reopen it after the last event ◀─────── running ──┐
///       ├── broken ──▶ read the object once, show what is new ───┤
///       └── unusable ──▶ poll until the run has ended            └── ended ──▶ done
class Follow final : public http::Task {
 public:
  /// `api` and `sink` must outlive this.
  Follow(Api& api, Prediction prediction, Delivery delivery, EventSink& sink);

  http::Step handle(const http::Event& event) override;

  /// The final prediction, once the task is done.
  [[nodiscard]] Prediction take() { return std::move(prediction_); }

  /// Whether it ended because the prediction could not be read for too long. The run may go on, and
  /// its output can be read later.
  [[nodiscard]] bool lost_contact() const noexcept { return lost_contact_; }

 private:
  using Time = http::Clock::time_point;

  // What a delay is for.
  enum class Delay { none, before_opening, before_reopening, before_read };
  // What follows a read of the object of a run that has not ended.
  enum class Next {
    poll,
    reopen,  // the stream broke
    check,   // the stream has been silent: does the object have more?
  };

  http::Step advance(const http::Event& event);
  http::Step begin(Time now);
  http::Step end_delay(Time now);

  http::Step open_stream(Time now);
  http::Step connect(Time now);
  http::Step reopen_stream(Time now);
  http::Step read_stream(const http::Event& event);
  http::Step check_stream(Time now);
  http::Step end_stream(const StreamEnd& end, Time now);

  http::Step read_object(Next next, Time now);
  http::Step take_object(const http::Event& event);
  http::Step handle_object(Time now);
  http::Step read_again(const Error& error, Time now);
  http::Step read_after(std::chrono::milliseconds delay, Time now);
  http::Step poll_after(std::chrono::milliseconds delay, Time now);
  http::Step finish();

  [[nodiscard]] bool can_stream() const;
  [[nodiscard]] std::chrono::milliseconds poll_delay(Time now) const;
  [[nodiscard]] Time silent_until() const;
  [[nodiscard]] bool may_be_incomplete() const;

  Api& api_;
  EventSink& sink_;
  const Delivery delivery_;
  Prediction prediction_;
  const std::string stream_url_;  // of the first object: later ones cannot redirect the token
  const OutputKind kind_;
  ShownOutput shown_;
  StreamPosition position_;
  std::optional<StreamReader> stream_;  // the connection that is open
  std::unique_ptr<Exchange> exchange_;  // the read of the object that is under way
  wire::PredictionReader reader_;
  Time begin_ = {};
  Delay delay_ = Delay::none;
  Next next_ = Next::poll;
  std::size_t events_before_ = 0;       // when the stream was last opened
  int empty_connections_ = 0;           // in a row
  bool stream_done_ = false;            // whether the stream was read to its end
  bool stream_broke_ = false;           // or held back
  std::chrono::milliseconds patience_;  // with a silent stream, before the object is checked
  std::size_t text_before_ = 0;         // the length of the text when the object was requested
  bool was_found_ = false;              // whether the object was read
  std::optional<Time> missing_since_;   // not found since then, and never before
  std::optional<Time> unreachable_since_;
  int failed_reads_ = 0;  // in a row
  int rereads_ = 0;       // of a final object that lacks text
  bool lost_contact_ = false;
  std::string stream_error_;
};

}  // namespace rellama::replicate

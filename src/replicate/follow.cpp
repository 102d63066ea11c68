// Following a prediction. The stream is fast, but the prediction object is authoritative:
//
//     stream ──done──▶ read the object until the run has ended ──▶ show what the stream missed
//       │  ▲
//       │  └── reopen it after the last event ◀─────── running ──┐
//       ├── broken ──▶ read the object once, show what is new ───┤
//       └── unusable ──▶ poll until the run has ended            └── ended ──▶ done
//
// The concatenator and the stream position know what was shown before, so only new text is shown.
// Pieces that are or may be file URLs are held back until the object tells: docs/decisions/0008.

#include "replicate/follow.hpp"

#include <algorithm>
#include <cctype>
#include <string>
#include <string_view>
#include <thread>

#include "rellama/concatenator.hpp"
#include "replicate/line_endings.hpp"
#include "replicate/output_kind.hpp"
#include "replicate/stream_position.hpp"
#include "wire/file_url.hpp"
#include "wire/prediction_json.hpp"
#include "wire/problem_json.hpp"
#include "wire/sse_parser.hpp"

namespace rellama::replicate {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// After this many connections in a row without an event, the client polls instead.
constexpr int kMaxEmptyConnections = 4;

// More text than any model writes. Limits the memory that a hostile server can take.
constexpr std::size_t kMaxOutputBytes = std::size_t{64} << 20;

// A server that starts its stream within this time is expected to answer the next request as fast.
constexpr milliseconds kNear{20};

// The poll interval is 2% of the elapsed time of the run. So the delay after its end is small
// compared to the run, and a long run is not polled too often.
constexpr int kPollFraction = 50;
constexpr milliseconds kFirstPoll{25};
constexpr milliseconds kSlowestPoll{500};

// A long stream that is faster than this is read in batches: waking up for every few tokens would
// cost more than the tokens, and nobody notices a millisecond. For 64,000 tokens at 20,000 per
// second this saves 69% of the CPU time (docs/performance.md).
constexpr std::size_t kLongStream = 2'000;  // events
constexpr std::size_t kFastStream = 10;     // events a millisecond
constexpr milliseconds kGulp{1};

// How one connection of the stream ended.
enum class StreamEnd {
  done,      // the server sent `done`
  broken,    // it may continue after reconnecting
  unusable,  // it is not an event stream, or contradicts the text already shown
};

bool is_event_stream(const http::Transfer& transfer) {
  constexpr std::string_view kType = "text/event-stream";
  const std::string_view type = http::find_header(transfer.headers(), "content-type");
  return transfer.status() == 200 && type.size() >= kType.size() &&
         std::equal(kType.begin(), kType.end(), type.begin(),
                    [](char expected, unsigned char c) { return std::tolower(c) == expected; });
}

// A gateway that cannot reach the stream's server right now, or is overloaded.
bool is_temporary(int status) {
  return status >= 500 || status == 429 || status == 408;
}

class Follower {
 public:
  Follower(Api& api, EventSink& sink, const StopToken& stop, Prediction prediction)
      : api_(api),
        sink_(sink),
        stop_(stop),
        prediction_(std::move(prediction)),
        stream_url_(prediction_.stream_url),
        kind_(prediction_.output_kind),
        holding_(kind_ != OutputKind::text) {}

  Prediction run(Delivery delivery) {
    try {
      return receive(delivery);
    } catch (...) {
      show_held_lines();
      throw;
    }
  }

 private:
  Prediction receive(Delivery delivery) {
    const bool ended = is_terminal(prediction_.status);
    if (!ended && delivery == Delivery::stream && can_stream()) {
      // The stream starts at the beginning: it repeats output that the object already has.
      show_status(prediction_.status);
      follow_stream();
      read_object_until_ended(milliseconds{0});
    } else {
      show_object();
      read_object_until_ended(first_poll_delay());
    }
    finish_output();
    prediction_.output_kind = kind_;
    sink_.done(prediction_);
    return std::move(prediction_);
  }

  bool can_stream() {
    if (stream_url_.empty()) return false;
    const bool refused = api_.endpoint().trust(stream_url_) == Endpoint::Trust::refused;
    if (refused) {
      api_.log(LogLevel::warning, "the stream's URL is not trusted; polling instead");
    }
    return !refused;
  }

  // With `Prefer: wait` a finished run is returned as `processing` (docs/protocol.md §2), so an
  // object with output has probably ended.
  [[nodiscard]] milliseconds first_poll_delay() const {
    const bool has_output = !prediction_.output.empty();
    return has_output ? milliseconds{0} : poll_delay();
  }

  [[nodiscard]] milliseconds poll_delay() const {
    const auto elapsed = std::chrono::duration_cast<milliseconds>(Clock::now() - begin_);
    const auto usual = std::clamp(elapsed / kPollFraction, kFirstPoll, kSlowestPoll);
    return api_.options().poll_interval.value_or(usual);
  }

  // Reads the stream until it is done, reconnecting as often as needed, or until only polling is
  // left.
  void follow_stream() {
    for (int empty_connections = 0; empty_connections < kMaxEmptyConnections;) {
      const std::size_t events_before = position_.event_count();
      const StreamEnd end = read_stream();
      if (end == StreamEnd::done) return;
      if (end == StreamEnd::unusable) break;
      read_object_once();
      if (is_terminal(prediction_.status)) return;
      sink_.flush();
      if (position_.event_count() > events_before) {
        empty_connections = 0;
      } else {
        ++empty_connections;
        api_.loop().sleep(backoff(empty_connections, api_.options().backoff), stop_);
      }
      position_.reopen();
    }
    api_.log(LogLevel::info, "polling instead");
  }

  StreamEnd read_stream() {
    http::Transfer transfer = api_.open_stream(stream_url_, position_.last_id());
    wire::SseParser parser;
    bool recognized = false;
    bool is_near = false;
    const auto opened = Clock::now();
    auto last_read = opened;
    // Comments keep a connection alive, but only events count as progress.
    auto stalls_at = Clock::now() + api_.options().stall_timeout;
    while (true) {
      const auto wake = transfer.wait(stop_, stalls_at);
      if (wake == http::Transfer::Wake::stopped) stop_.throw_if_stopped(prediction_.id.value);
      if (wake == http::Transfer::Wake::timed_out) return broken("it stalled");
      if (wake == http::Transfer::Wake::finished) {
        const auto failure = transfer.failure();
        return broken(failure ? failure->why : "it ended early");
      }
      if (!recognized) {
        if (!is_event_stream(transfer)) {
          const std::string why = "the server answered " + std::to_string(transfer.status());
          return is_temporary(transfer.status()) ? broken(why) : unusable(why);
        }
        recognized = true;
        is_near = Clock::now() - opened < kNear;
      }
      parser.feed(transfer.bytes());
      const std::size_t events_before = position_.event_count();
      const auto end = read_events(parser);
      // The last text is written together with the final newline, after the object has been read,
      // unless reading it could take long: docs/decisions/0006.
      if (end != StreamEnd::done || !is_near) sink_.flush();
      if (end) return *end;
      transfer.drop_bytes();
      if (is_fast(position_.event_count() - events_before, Clock::now() - last_read)) {
        std::this_thread::sleep_for(kGulp);
      }
      last_read = Clock::now();
      if (position_.event_count() > events_before) {
        stalls_at = Clock::now() + api_.options().stall_timeout;
      } else if (Clock::now() >= stalls_at) {
        return broken("it delivered no events");
      }
    }
  }

  [[nodiscard]] bool is_fast(std::size_t events, Clock::duration elapsed) const {
    const auto elapsed_ms = static_cast<std::size_t>(elapsed / milliseconds{1}) + 1;
    return position_.event_count() > kLongStream && events > kFastStream * elapsed_ms;
  }

  std::optional<StreamEnd> read_events(wire::SseParser& parser) {
    while (const auto item = parser.next()) {
      if (item->kind == wire::SseItem::Kind::comment) {
        if (item->data.starts_with("408")) return broken("it timed out");
      } else if (item->type == "output") {
        show_status(Status::processing);
        const auto fresh = position_.take(item->id, item->data, text_.text());
        if (!fresh) return unusable("it contradicts the output received before");
        check_length(text_.text().size() + fresh->size());
        classify_piece(item->data);
        if (holding_ && !fresh->empty()) held_.append(*fresh);
        show(text_.append(*fresh));
      } else if (item->type == "error") {
        // The documentation says JSON, but that cannot be relied on.
        stream_error_ = wire::render_problem(wire::parse_problem(item->data));
      } else if (item->type == "done") {
        return StreamEnd::done;
      }
    }
    return std::nullopt;
  }

  StreamEnd broken(const std::string& why) {
    api_.log(LogLevel::info, "the event stream broke: " + why);
    return StreamEnd::broken;
  }

  StreamEnd unusable(const std::string& why) {
    api_.log(LogLevel::info, "the event stream is unusable: " + why);
    return StreamEnd::unusable;
  }

  void check_length(std::size_t bytes) const {
    if (bytes <= kMaxOutputBytes) return;
    throw Error(ErrorKind::server, {.failed = "cannot read the rest of the output",
                                    .why = "it is longer than 64 MiB",
                                    .remedy = "check that the server is Replicate's",
                                    .prediction_id = prediction_.id.value});
  }

  // Output is written before each wait; the last of it is written with the end:
  // docs/decisions/0006.
  void read_object_until_ended(milliseconds first_delay) {
    for (milliseconds delay = first_delay; !is_terminal(prediction_.status); delay = poll_delay()) {
      if (delay > milliseconds{0}) {
        sink_.flush();
        api_.loop().sleep(delay, stop_);
      }
      read_object_once();
    }
  }

  // If part of the output was shown and the rest cannot be read, the output is incomplete, whatever
  // the cause.
  void read_object_once() {
    stop_.throw_if_stopped(prediction_.id.value);
    try {
      read_object();
    } catch (const Error& error) {
      const ErrorKind kind = error.kind();
      const bool unreachable = kind == ErrorKind::network || kind == ErrorKind::server ||
                               kind == ErrorKind::not_found || kind == ErrorKind::rate_limited;
      if (text_.text().empty() || !unreachable) throw;
      throw Error(ErrorKind::incomplete, {.failed = "the answer above is incomplete",
                                          .why = error.parts().why,
                                          .remedy = "ask again",
                                          .prediction_id = prediction_.id.value});
    }
    show_object();
  }

  void read_object() {
    const Attempt attempt{.failed = "cannot read the prediction",
                          .host = api_.endpoint().host(),
                          .prediction_id = prediction_.id.value};
    http::Response response = api_.get(api_.endpoint().get_url(prediction_), attempt, stop_);
    try {
      reader_.read(std::move(response.body), prediction_);
    } catch (const Error& error) {
      throw error_for_unreadable(response, error.parts().why, attempt);
    }
  }

  // Shows the status and output of prediction_ as far as they are new.
  void show_object() {
    show_status(prediction_.status);
    const Output& output = prediction_.output;
    for (std::size_t i = pieces_classified_; holding_ && i < output.piece_count(); ++i) {
      classify_piece(output.piece(i));
    }
    pieces_classified_ = output.piece_count();
    if (holding_ && output.text().size() > held_.text().size()) held_ = output;
    show_new_text(output.text());
  }

  void show_new_text(const std::string& whole) {
    if (text_.agrees_with(whole)) {
      show(text_.append_cumulative(whole));
      return;
    }
    // If part of the text came from a stream, its line endings may differ.
    const std::string seen = with_lf_only(text_.text());
    const std::string unified = with_lf_only(whole);
    if (unified.starts_with(seen))
      show(text_.append(std::string_view(unified).substr(seen.size())));
  }

  void show(std::string_view fresh) {
    if (!fresh.empty() && !holding_) sink_.output(fresh);
  }

  // A piece that is not a file URL means that the output is text: shows what was held back.
  void classify_piece(std::string_view piece) {
    if (!holding_ || kind_ != OutputKind::unknown || wire::is_file_url(piece)) return;
    show_held(text_.text());
  }

  void show_held(const std::string& text) {
    holding_ = false;
    show(text);
  }

  // If the run ends early, the kind of the pieces stays unknown: shows one per line.
  void show_held_lines() {
    std::string lines;
    for (std::size_t i = 0; holding_ && i < held_.piece_count(); ++i) {
      lines.append(i == 0 ? "" : "\n").append(held_.piece(i));
    }
    show_held(lines);
  }

  void show_status(Status status) {
    if (status == shown_status_ || status == Status::unknown) return;
    shown_status_ = status;
    sink_.status_changed(status);
  }

  // Shows the rest of the output, and checks that the final object agrees with what was shown.
  void finish_output() {
    if (prediction_.error.empty() && prediction_.status == Status::failed) {
      prediction_.error = stream_error_;
    }
    if (holding_ && prediction_.output.empty()) prediction_.output = held_;
    if (holding_) apply_kind(prediction_.output, kind_, api_.endpoint());
    if (!prediction_.output.json().empty()) {
      show(text_.finish());
      holding_ = false;
      return;
    }
    if (holding_) show_held(text_.text());
    const std::string& whole = prediction_.output.text();
    const bool lags = text_.text().starts_with(whole);  // deleted, or not stored yet
    const bool same = text_.agrees_with(whole) || with_lf_only(whole) == with_lf_only(text_.text());
    show(text_.finish());
    if (lags && whole.size() < text_.text().size()) {
      Output received;
      received.append(text_.text());
      prediction_.output = std::move(received);
    } else if (!same) {
      sink_.flush();
      throw Error(ErrorKind::incomplete, {.failed = "the answer above is incomplete",
                                          .why = "the stream and the stored output differ",
                                          .remedy = "ask again with --no-stream",
                                          .prediction_id = prediction_.id.value});
    }
  }

  Api& api_;
  EventSink& sink_;
  const StopToken& stop_;
  Prediction prediction_;
  wire::PredictionReader reader_;
  const Clock::time_point begin_ = Clock::now();
  const std::string stream_url_;  // of the first object: later ones cannot redirect the token
  const OutputKind kind_;
  bool holding_;  // whether output is held back because it may not be text
  Output held_;   // the pieces held back
  std::size_t pieces_classified_ = 0;
  Concatenator text_;
  StreamPosition position_;
  Status shown_status_ = Status::unknown;
  std::string stream_error_;
};

}  // namespace

Prediction follow(Api& api, const Prediction& prediction, Delivery delivery, EventSink& sink,
                  const StopToken& stop) {
  return Follower(api, sink, stop, prediction).run(delivery);
}

}  // namespace rellama::replicate

// Following a prediction. The stream is the fast way, the prediction object is the truth:
//
//     stream, if there is one ──done──▶ read the object until it is over ──▶ what the stream did
//         └──lost, for whatever reason──▶ (the same, by polls)               not bring, then done
//
// Polls are cumulative, so the concatenator finds what is new whatever the stream brought before.

#include "replicate/follow.hpp"

#include <algorithm>
#include <string>
#include <string_view>

#include "rellama/concatenator.hpp"
#include "wire/prediction_json.hpp"
#include "wire/problem_json.hpp"
#include "wire/sse_parser.hpp"

namespace rellama::replicate {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// The server breaks its own silence after 30 s (docs/protocol.md §5); one that does not is gone.
constexpr milliseconds kLongestSilence{45'000};

constexpr milliseconds kFirstPoll{100};
constexpr milliseconds kSlowestPoll{1'000};

// How the stream ended.
enum class StreamEnd { done, lost };

bool is_event_stream(const http::Transfer& transfer) {
  return transfer.status() == 200 &&
         http::find_header(transfer.headers(), "content-type").starts_with("text/event-stream");
}

// The wire cannot carry a carriage return inside an event (docs/protocol.md §5): two texts that
// differ in line ends only are the same answer.
std::string with_lf_only(std::string_view text) {
  std::string unified;
  unified.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\r') {
      unified += text[i];
    } else if (i + 1 == text.size() || text[i + 1] != '\n') {
      unified += '\n';
    }
  }
  return unified;
}

class Follower {
 public:
  Follower(Api& api, EventSink& sink, const StopToken& stop, Prediction prediction)
      : api_(api), sink_(sink), stop_(stop), prediction_(std::move(prediction)) {}

  Prediction run(Delivery delivery) {
    const bool over = is_terminal(prediction_.status);
    if (!over && delivery == Delivery::stream && can_stream()) {
      // The stream begins at the beginning: output that the object has already comes again.
      show_status(prediction_.status);
      if (read_stream() == StreamEnd::lost) api_.log(LogLevel::info, "going on with polls");
      // After `done` the object is over or about to be; after a loss it is asked at once as well.
      read_object_until_over(milliseconds{0});
    } else {
      take_object();
      read_object_until_over(first_pause());
    }
    settle_output();
    sink_.flush();
    sink_.done(prediction_);
    return std::move(prediction_);
  }

 private:
  bool can_stream() {
    if (prediction_.stream_url.empty()) return false;
    const bool refused = api_.endpoint().trust(prediction_.stream_url) == Endpoint::Trust::refused;
    if (refused)
      api_.log(LogLevel::warning, "the stream's address is not trusted; polling instead");
    return !refused;
  }

  // With `Prefer: wait` a finished run comes back as `processing` (docs/protocol.md §2): then the
  // object is as good as over.
  [[nodiscard]] milliseconds first_pause() const {
    const bool has_output = !prediction_.output.empty();
    return has_output ? milliseconds{0} : api_.options().poll_interval.value_or(kFirstPoll);
  }

  StreamEnd read_stream() {
    http::Transfer transfer = api_.open_stream(prediction_.stream_url);
    wire::SseParser parser;
    bool recognised = false;
    while (true) {
      const auto wake = transfer.wait(stop_, Clock::now() + kLongestSilence);
      if (wake == http::Transfer::Wake::stopped) stop_.throw_if_stopped(prediction_.id.value);
      if (wake == http::Transfer::Wake::timed_out) return lost("it went quiet");
      if (wake == http::Transfer::Wake::finished) {
        const auto failure = transfer.failure();
        return lost(failure ? failure->why : "it ended early");
      }
      if (!recognised) {
        if (!is_event_stream(transfer)) {
          return lost("the server answered " + std::to_string(transfer.status()));
        }
        recognised = true;
      }
      parser.feed(transfer.bytes());
      const auto end = take_events(parser);
      // The last text waits for the object, which is read at once, to be written in one piece with
      // the line end: docs/decisions/0006.
      if (end != StreamEnd::done) sink_.flush();
      if (end) return *end;
      transfer.drop_bytes();
    }
  }

  std::optional<StreamEnd> take_events(wire::SseParser& parser) {
    while (const auto item = parser.next()) {
      if (item->kind == wire::SseItem::Kind::comment) {
        if (item->data.starts_with("408")) return lost("it timed out");
      } else if (item->type == "output") {
        show_status(Status::processing);
        sink_.output(text_.append(item->data));
      } else if (item->type == "error") {
        // JSON by the documentation, but not to be relied on.
        stream_error_ = wire::render_problem(wire::parse_problem(item->data));
      } else if (item->type == "done") {
        return StreamEnd::done;
      }
    }
    return std::nullopt;
  }

  StreamEnd lost(const std::string& why) {
    api_.log(LogLevel::info, "the event stream was lost: " + why);
    return StreamEnd::lost;
  }

  // An answer of which a part was shown and the rest cannot be had is incomplete, whatever the
  // cause.
  void read_object_until_over(milliseconds pause) {
    try {
      poll_until_over(pause);
    } catch (const Error& error) {
      const ErrorKind kind = error.kind();
      const bool out_of_reach = kind == ErrorKind::network || kind == ErrorKind::server ||
                                kind == ErrorKind::not_found || kind == ErrorKind::rate_limited;
      if (text_.text().empty() || !out_of_reach) throw;
      throw Error(ErrorKind::incomplete, {.failed = "the answer above is not complete",
                                          .why = error.parts().why,
                                          .remedy = "ask again",
                                          .prediction_id = prediction_.id.value});
    }
  }

  void poll_until_over(milliseconds pause) {
    const Attempt attempt{.failed = "cannot read the prediction",
                          .host = api_.endpoint().host(),
                          .prediction_id = prediction_.id.value};
    const std::string url = api_.endpoint().get_url(prediction_);
    milliseconds interval = api_.options().poll_interval.value_or(kFirstPoll);
    while (!is_terminal(prediction_.status)) {
      if (pause > milliseconds{0}) api_.loop().sleep(pause, stop_);
      stop_.throw_if_stopped(prediction_.id.value);
      const http::Response response = api_.get(url, attempt, stop_);
      try {
        prediction_ = wire::parse_prediction(response.body);
      } catch (const Error& error) {
        throw error_for_unreadable(response, error.parts().why, attempt);
      }
      take_object();
      pause = interval;
      if (!api_.options().poll_interval) interval = std::min(interval * 3 / 2, kSlowestPoll);
    }
  }

  // Shows what the object in hand says that was not known before.
  void take_object() {
    show_status(prediction_.status);
    show_what_is_new(prediction_.output.text());
    sink_.flush();
  }

  void show_what_is_new(const std::string& whole) {
    if (text_.agrees_with(whole)) {
      show(text_.append_cumulative(whole));
      return;
    }
    // A stream that carried part of the text may have changed its line ends.
    const std::string seen = with_lf_only(text_.text());
    const std::string unified = with_lf_only(whole);
    if (unified.starts_with(seen))
      show(text_.append(std::string_view(unified).substr(seen.size())));
  }

  void show(std::string_view fresh) {
    if (!fresh.empty()) sink_.output(fresh);
  }

  void show_status(Status status) {
    if (status == shown_status_ || status == Status::unknown) return;
    shown_status_ = status;
    sink_.status_changed(status);
  }

  // The final object and what was shown must say the same.
  void settle_output() {
    if (prediction_.error.empty() && prediction_.status == Status::failed) {
      prediction_.error = stream_error_;
    }
    const std::string& whole = prediction_.output.text();
    const bool lags = text_.text().starts_with(whole);  // removed, or not written down yet
    const bool same = text_.agrees_with(whole) || with_lf_only(whole) == with_lf_only(text_.text());
    show(text_.finish());
    if (prediction_.output.json().empty() && lags && whole.size() < text_.text().size()) {
      Output received;
      received.append(text_.text());
      prediction_.output = std::move(received);
    } else if (prediction_.output.json().empty() && !same) {
      sink_.flush();
      throw Error(ErrorKind::incomplete, {.failed = "the answer above is not complete",
                                          .why = "the stream and the stored output differ",
                                          .remedy = "ask again with --no-stream",
                                          .prediction_id = prediction_.id.value});
    }
  }

  Api& api_;
  EventSink& sink_;
  const StopToken& stop_;
  Prediction prediction_;
  Concatenator text_;
  Status shown_status_ = Status::unknown;
  std::string stream_error_;
};

}  // namespace

Prediction follow(Api& api, const Prediction& prediction, Delivery delivery, EventSink& sink,
                  const StopToken& stop) {
  return Follower(api, sink, stop, prediction).run(delivery);
}

}  // namespace rellama::replicate

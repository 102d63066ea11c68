// Following a prediction. The stream is the fast way, the prediction object is the truth:
//
//     stream ──done──▶ read the object until it is over ──▶ show what the stream did not bring
//       │  ▲
//       │  └── open it again behind the last event ◀── not over ──┐
//       ├── broken ──▶ read the object once, show what is new ────┤
//       └── of no use ──▶ poll until it is over                   └── over ──▶ the end
//
// The concatenator and the stream's position know what was shown before, so each way brings only
// what is new. Pieces that are URLs of files, or may be, are held back until the object tells:
// docs/decisions/0008.

#include "replicate/follow.hpp"

#include <algorithm>
#include <cctype>
#include <string>
#include <string_view>
#include <thread>

#include "rellama/concatenator.hpp"
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

// How many connections in a row may bring nothing before the stream is given up.
constexpr int kMaxFruitless = 4;

// More text than any model writes: what a hostile server can make us hold.
constexpr std::size_t kMaxAnswerBytes = std::size_t{64} << 20;

// A server that begins its stream within this time answers the next request as soon.
constexpr milliseconds kNear{20};

// A poll waits a fiftieth of the time the run has taken by then: what is lost after its end is a
// small part of what it took, and a long one is not asked about all the time.
constexpr int kPollFraction = 50;
constexpr milliseconds kFirstPoll{25};
constexpr milliseconds kSlowestPoll{500};

// A long stream that is faster than this is read in gulps: a wake-up for every few tokens would
// cost more than the tokens, and nobody can tell a millisecond.
constexpr std::size_t kLongStream = 2'000;  // events
constexpr std::size_t kFastStream = 10;     // events a millisecond
constexpr milliseconds kGulp{1};

// How one connection of the stream ended.
enum class StreamEnd {
  done,    // the server said so
  broken,  // it may go on where it is opened again
  no_use,  // it is no stream, or contradicts what is known
};

bool is_event_stream(const http::Transfer& transfer) {
  constexpr std::string_view kType = "text/event-stream";
  const std::string_view type = http::find_header(transfer.headers(), "content-type");
  return transfer.status() == 200 && type.size() >= kType.size() &&
         std::equal(kType.begin(), kType.end(), type.begin(),
                    [](char expected, unsigned char c) { return std::tolower(c) == expected; });
}

// A gateway that cannot reach the stream's server just now, or has too much to do.
bool may_pass(int status) {
  return status >= 500 || status == 429 || status == 408;
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
      : api_(api),
        sink_(sink),
        stop_(stop),
        prediction_(std::move(prediction)),
        stream_url_(prediction_.stream_url),
        kind_(prediction_.output_kind),
        holding_(kind_ != OutputKind::text) {}

  Prediction run(Delivery delivery) {
    try {
      return bring_home(delivery);
    } catch (...) {
      show_held_lines();
      throw;
    }
  }

 private:
  Prediction bring_home(Delivery delivery) {
    const bool over = is_terminal(prediction_.status);
    if (!over && delivery == Delivery::stream && can_stream()) {
      // The stream begins at the beginning: output that the object has already comes again.
      show_status(prediction_.status);
      follow_stream();
      read_object_until_over(milliseconds{0});
    } else {
      take_object();
      read_object_until_over(first_pause());
    }
    settle_output();
    prediction_.output_kind = kind_;
    sink_.done(prediction_);
    return std::move(prediction_);
  }

  bool can_stream() {
    if (stream_url_.empty()) return false;
    const bool refused = api_.endpoint().trust(stream_url_) == Endpoint::Trust::refused;
    if (refused) {
      api_.log(LogLevel::warning, "the stream's address is not trusted; polling instead");
    }
    return !refused;
  }

  // With `Prefer: wait` a finished run comes back as `processing` (docs/protocol.md §2): then the
  // object is as good as over.
  [[nodiscard]] milliseconds first_pause() const {
    const bool has_output = !prediction_.output.empty();
    return has_output ? milliseconds{0} : pause();
  }

  [[nodiscard]] milliseconds pause() const {
    const auto taken = std::chrono::duration_cast<milliseconds>(Clock::now() - begin_);
    const auto usual = std::clamp(taken / kPollFraction, kFirstPoll, kSlowestPoll);
    return api_.options().poll_interval.value_or(usual);
  }

  // Reads the stream until it is done, over as many connections as that takes, or until polls have
  // to bring the rest.
  void follow_stream() {
    for (int fruitless = 0; fruitless < kMaxFruitless;) {
      const std::size_t events_before = position_.event_count();
      const StreamEnd end = read_stream();
      if (end == StreamEnd::done) return;
      if (end == StreamEnd::no_use) break;
      read_object_once();
      if (is_terminal(prediction_.status)) return;
      sink_.flush();
      if (position_.event_count() > events_before) {
        fruitless = 0;
      } else {
        ++fruitless;
        api_.loop().sleep(backoff(fruitless, api_.options().backoff), stop_);
      }
      position_.reopen();
    }
    api_.log(LogLevel::info, "going on with polls");
  }

  StreamEnd read_stream() {
    http::Transfer transfer = api_.open_stream(stream_url_, position_.last_id());
    wire::SseParser parser;
    bool recognised = false;
    bool is_near = false;
    const auto opened = Clock::now();
    auto last_read = opened;
    // Comments keep a connection alive, but bring nothing: they do not count.
    auto patience_ends = Clock::now() + api_.options().stall_timeout;
    while (true) {
      const auto wake = transfer.wait(stop_, patience_ends);
      if (wake == http::Transfer::Wake::stopped) stop_.throw_if_stopped(prediction_.id.value);
      if (wake == http::Transfer::Wake::timed_out) return broken("it went quiet");
      if (wake == http::Transfer::Wake::finished) {
        const auto failure = transfer.failure();
        return broken(failure ? failure->why : "it ended early");
      }
      if (!recognised) {
        if (!is_event_stream(transfer)) {
          const std::string why = "the server answered " + std::to_string(transfer.status());
          return may_pass(transfer.status()) ? broken(why) : no_use(why);
        }
        recognised = true;
        is_near = Clock::now() - opened < kNear;
      }
      parser.feed(transfer.bytes());
      const std::size_t events_before = position_.event_count();
      const auto end = take_events(parser);
      // The last text waits for the object, which is read at once, to be written in one piece with
      // the line end, unless that would take long: docs/decisions/0006.
      if (end != StreamEnd::done || !is_near) sink_.flush();
      if (end) return *end;
      transfer.drop_bytes();
      if (is_fast(position_.event_count() - events_before, Clock::now() - last_read)) {
        std::this_thread::sleep_for(kGulp);
      }
      last_read = Clock::now();
      if (position_.event_count() > events_before) {
        patience_ends = Clock::now() + api_.options().stall_timeout;
      } else if (Clock::now() >= patience_ends) {
        return broken("it brought nothing");
      }
    }
  }

  [[nodiscard]] bool is_fast(std::size_t events, Clock::duration taken) const {
    const auto milliseconds_taken = static_cast<std::size_t>(taken / milliseconds{1}) + 1;
    return position_.event_count() > kLongStream && events > kFastStream * milliseconds_taken;
  }

  std::optional<StreamEnd> take_events(wire::SseParser& parser) {
    while (const auto item = parser.next()) {
      if (item->kind == wire::SseItem::Kind::comment) {
        if (item->data.starts_with("408")) return broken("it timed out");
      } else if (item->type == "output") {
        show_status(Status::processing);
        const auto fresh = position_.take(item->id, item->data, text_.text());
        if (!fresh) return no_use("it contradicts what came before");
        check_length(text_.text().size() + fresh->size());
        look_at(item->data);
        if (holding_ && !fresh->empty()) held_.append(*fresh);
        show(text_.append(*fresh));
      } else if (item->type == "error") {
        // JSON by the documentation, but not to be relied on.
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

  StreamEnd no_use(const std::string& why) {
    api_.log(LogLevel::info, "the event stream is of no use: " + why);
    return StreamEnd::no_use;
  }

  void check_length(std::size_t bytes) const {
    if (bytes <= kMaxAnswerBytes) return;
    throw Error(ErrorKind::server, {.failed = "the answer is not read any further",
                                    .why = "it is longer than 64 MiB",
                                    .remedy = "check that the server is Replicate's",
                                    .prediction_id = prediction_.id.value});
  }

  // What has come is written out before each wait, the last of it with the end:
  // docs/decisions/0006.
  void read_object_until_over(milliseconds first_pause) {
    for (milliseconds wait = first_pause; !is_terminal(prediction_.status); wait = pause()) {
      if (wait > milliseconds{0}) {
        sink_.flush();
        api_.loop().sleep(wait, stop_);
      }
      read_object_once();
    }
  }

  // An answer of which a part was shown and the rest cannot be had is incomplete, whatever the
  // cause.
  void read_object_once() {
    stop_.throw_if_stopped(prediction_.id.value);
    try {
      read_object();
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
    take_object();
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

  // Shows what the object in hand says that was not known before.
  void take_object() {
    show_status(prediction_.status);
    const Output& output = prediction_.output;
    for (std::size_t i = looked_at_; holding_ && i < output.piece_count(); ++i) {
      look_at(output.piece(i));
    }
    looked_at_ = output.piece_count();
    if (holding_ && output.text().size() > held_.text().size()) held_ = output;
    show_what_is_new(output.text());
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
    if (!fresh.empty() && !holding_) sink_.output(fresh);
  }

  // A piece that is no URL of a file tells that none of them is, and is shown with what was held.
  void look_at(std::string_view piece) {
    if (!holding_ || kind_ != OutputKind::unknown || wire::is_file_url(piece)) return;
    show_held(text_.text());
  }

  void show_held(const std::string& text) {
    holding_ = false;
    show(text);
  }

  // The run ends early, and nobody can tell any more what the pieces are.
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

  // The final object and what was shown must say the same.
  void settle_output() {
    if (prediction_.error.empty() && prediction_.status == Status::failed) {
      prediction_.error = stream_error_;
    }
    if (holding_ && prediction_.output.empty()) prediction_.output = held_;
    if (holding_) settle_kind(prediction_.output, kind_, api_.endpoint());
    if (!prediction_.output.json().empty()) {
      show(text_.finish());
      holding_ = false;
      return;
    }
    if (holding_) show_held(text_.text());
    const std::string& whole = prediction_.output.text();
    const bool lags = text_.text().starts_with(whole);  // removed, or not written down yet
    const bool same = text_.agrees_with(whole) || with_lf_only(whole) == with_lf_only(text_.text());
    show(text_.finish());
    if (lags && whole.size() < text_.text().size()) {
      Output received;
      received.append(text_.text());
      prediction_.output = std::move(received);
    } else if (!same) {
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
  wire::PredictionReader reader_;
  const Clock::time_point begin_ = Clock::now();
  const std::string stream_url_;  // later objects have no say in where the token goes
  const OutputKind kind_;
  bool holding_;  // whether the output may be something else than text
  Output held_;   // its pieces, as long as it may
  std::size_t looked_at_ = 0;
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

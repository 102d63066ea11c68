#include "replicate/follow.hpp"

#include <algorithm>
#include <utility>

#include "rellama/error.hpp"
#include "rellama/stop.hpp"
#include "replicate/line_endings.hpp"

namespace rellama::replicate {
namespace {

using http::Event;
using http::Step;
using std::chrono::milliseconds;

// After this many connections in a row without an event, the client polls instead.
constexpr int kMaxEmptyConnections = 4;

// The poll interval is 2% of the elapsed time of the run. So the delay after its end is small
// compared to the run, and a long run is not polled too often.
constexpr int kPollFraction = 50;
constexpr milliseconds kFirstPoll{25};
constexpr milliseconds kSlowestPoll{500};

// A prediction that was just created may not be found yet: for so long after it was first not
// found.
constexpr milliseconds kSettling{5'000};
constexpr milliseconds kSettlingDelay{200};

constexpr milliseconds kLongestOutageDelay{5'000};

// How often a final object without all of the text is read again, in case it is not stored yet.
constexpr int kMaxRereads = 4;

// Whether the API could not be asked, as opposed to refusing.
bool is_unreachable(ErrorKind kind) {
  return kind == ErrorKind::network || kind == ErrorKind::server || kind == ErrorKind::not_found ||
         kind == ErrorKind::rate_limited;
}

}  // namespace

Follow::Follow(Api& api, Prediction prediction, Delivery delivery, EventSink& sink)
    : api_(api),
      sink_(sink),
      delivery_(delivery),
      prediction_(std::move(prediction)),
      stream_url_(prediction_.stream_url),
      kind_(prediction_.output_kind),
      shown_(sink, kind_, api.secrets()),
      patience_(std::min(api.options().silence_limit, api.options().stall_timeout)) {
  // The final object has it again, and thousands may be followed. Assigning would keep the memory.
  JsonText().text.swap(prediction_.input.text);
}

Step Follow::handle(const Event& event) {
  try {
    return advance(event);
  } catch (...) {
    shown_.show_held_lines();
    throw;
  }
}

Step Follow::advance(const Event& event) {
  if (exchange_) return take_object(event);
  switch (event.kind) {
    case Event::Kind::start: return begin(event.now);
    case Event::Kind::bytes: return read_stream(event);
    case Event::Kind::end:
      return end_stream({.why = event.failure != nullptr ? event.failure->why : "it ended early"},
                        event.now);
    case Event::Kind::time:
      if (!stream_) return end_delay(event.now);
      if (patience_ < api_.options().stall_timeout) return check_stream(event.now);
      return end_stream({.why = "it stalled"}, event.now);
    case Event::Kind::stop: throw stop_error(event.reason, prediction_.id.value);
  }
  return Step::done();
}

Step Follow::begin(Time now) {
  begin_ = now;
  const bool ended = is_terminal(prediction_.status);
  if (!ended && delivery_ == Delivery::stream && can_stream()) {
    // The stream starts at the beginning: it repeats output that the object already has.
    shown_.add_status(prediction_.status);
    return open_stream(now);
  }
  shown_.add_object(prediction_);
  // With `Prefer: wait` a finished run is returned as `processing` (docs/protocol.md §2), so an
  // object with output has probably ended.
  return poll_after(prediction_.output.empty() ? poll_delay(now) : milliseconds{0}, now);
}

bool Follow::can_stream() const {
  if (stream_url_.empty()) return false;
  const bool refused = api_.endpoint().trust(stream_url_) == Endpoint::Trust::refused;
  if (refused) {
    api_.log(LogLevel::warning, "the stream's URL is not trusted; polling instead");
  }
  return !refused;
}

milliseconds Follow::poll_delay(Time now) const {
  const auto elapsed = std::chrono::duration_cast<milliseconds>(now - begin_);
  const auto usual = std::clamp(elapsed / kPollFraction, kFirstPoll, kSlowestPoll);
  return api_.options().poll_interval.value_or(usual);
}

Step Follow::end_delay(Time now) {
  switch (std::exchange(delay_, Delay::none)) {
    case Delay::before_opening: return connect(now);
    case Delay::before_reopening: return reopen_stream(now);
    case Delay::none:
    case Delay::before_read: break;
  }
  return read_object(next_, now);
}

Step Follow::open_stream(Time now) {
  const auto at = api_.pacer().reserve(Lane::read, now);
  if (at <= now) return connect(now);
  delay_ = Delay::before_opening;
  return Step::sleep(at);
}

Step Follow::connect(Time now) {
  events_before_ = position_.event_count();
  stream_.emplace(shown_, position_, prediction_.id, now);
  return Step::open(api_.stream_request(stream_url_, position_.last_id()), silent_until());
}

// Comments keep a connection alive, but only events count as progress.
Follow::Time Follow::silent_until() const {
  return stream_->last_event() + patience_;
}

Step Follow::reopen_stream(Time now) {
  if (empty_connections_ < kMaxEmptyConnections) {
    position_.reopen();
    return open_stream(now);
  }
  api_.log(LogLevel::info, "polling instead");
  return read_object(Next::poll, now);
}

Step Follow::read_stream(const Event& event) {
  const auto end = stream_->take(event);
  const bool done = end && end->how == StreamEnd::How::done;
  // The last text is written together with the final newline, after the object has been read,
  // unless reading it could take long: docs/decisions/0006.
  if (!done || !stream_->is_near()) sink_.flush();
  if (end) return end_stream(*end, event.now);
  return Step::read(silent_until(), stream_->rest());
}

// Behind a proxy that holds the stream back, it is silent although the run has output.
Step Follow::check_stream(Time now) {
  stream_broke_ = true;
  stream_.reset();
  patience_ = std::min(2 * patience_, api_.options().stall_timeout);
  return read_object(Next::check, now);
}

Step Follow::end_stream(const StreamEnd& end, Time now) {
  if (!stream_->error().empty()) {
    stream_error_ = stream_->error();
    api_.secrets().hide_in(stream_error_);
  }
  stream_.reset();
  switch (end.how) {
    case StreamEnd::How::done: stream_done_ = true; break;
    case StreamEnd::How::broken:
      stream_broke_ = true;
      api_.log(LogLevel::info, "the event stream broke: " + end.why);
      return read_object(Next::reopen, now);
    case StreamEnd::How::unusable:
      api_.log(LogLevel::info, "the event stream is unusable: " + end.why + "; polling instead");
      break;
  }
  return read_object(Next::poll, now);
}

Step Follow::read_object(Next next, Time now) {
  next_ = next;
  text_before_ = shown_.text().size();
  auto plan = plan_get(api_, api_.endpoint().get_url(prediction_),
                       {.failed = "cannot read the prediction",
                        .host = api_.endpoint().host(),
                        .prediction_id = prediction_.id.value});
  if (failed_reads_ > 0) plan.retries = 0;  // read_again does that
  exchange_ = std::make_unique<Exchange>(api_, std::move(plan));
  return take_object({.kind = Event::Kind::start, .now = now});
}

Step Follow::take_object(const Event& event) {
  try {
    Step step = exchange_->handle(event);
    if (step.kind != Step::Kind::done) return step;
    http::Response response = exchange_->take_response();
    try {
      reader_.read(std::move(response.body), prediction_);
      api_.hide_secrets(prediction_);
      if (!reader_.damage().empty()) {
        api_.log(LogLevel::info, "the prediction is damaged: " + reader_.damage());
      }
    } catch (const Error& error) {
      throw exchange_->unreadable(response, error.parts().why);
    }
  } catch (const Error& error) {
    exchange_.reset();
    if (event.kind == Event::Kind::stop || !is_unreachable(error.kind())) throw;
    return read_again(error, event.now);
  }
  exchange_.reset();
  was_found_ = true;
  missing_since_.reset();
  unreachable_since_.reset();
  failed_reads_ = 0;
  return handle_object(event.now);
}

// The run goes on while it cannot be read, and is paid for. If part of the output was shown and the
// rest cannot be read, the output is incomplete, whatever the cause.
Step Follow::read_again(const Error& error, Time now) {
  if (!unreachable_since_) unreachable_since_ = now;
  ++failed_reads_;
  // What was found once, or has written something, exists.
  const bool exists = was_found_ || position_.event_count() > 0;
  const bool is_missing = !exists && error.kind() == ErrorKind::not_found;
  missing_since_ = is_missing ? missing_since_.value_or(now) : std::optional<Time>();
  if (is_missing) {
    if (now - *missing_since_ < kSettling) return read_after(kSettlingDelay, now);
  } else if (now - *unreachable_since_ < api_.options().outage_limit) {
    if (failed_reads_ == 1) {
      api_.log(LogLevel::warning,
               error.parts().failed + ": " + error.parts().why + "; trying for " +
                   std::to_string(api_.options().outage_limit / std::chrono::seconds(1)) + " s");
    }
    return read_after(std::min(backoff(failed_reads_, api_.options().backoff), kLongestOutageDelay),
                      now);
  } else {
    lost_contact_ = api_.options().outage_limit > milliseconds{0};
  }
  if (shown_.text().empty() && !lost_contact_) throw Error(error);
  ErrorParts parts{.failed = "the answer is incomplete",
                   .why = error.parts().why,
                   .remedy = "ask again",
                   .prediction_id = prediction_.id.value};
  if (lost_contact_) {
    parts.remedy =
        "the run may go on: rellama predictions stream " + prediction_.id.value + " is free";
  }
  if (!shown_.text().empty()) throw Error(ErrorKind::incomplete, std::move(parts));
  parts.failed = error.parts().failed;
  throw Error(error.kind(), std::move(parts));
}

Step Follow::read_after(milliseconds delay, Time now) {
  sink_.flush();
  delay_ = Delay::before_read;
  return Step::sleep(now + delay);
}

Step Follow::handle_object(Time now) {
  shown_.add_object(prediction_);
  if (is_terminal(prediction_.status)) {
    if (!may_be_incomplete() || ++rereads_ > kMaxRereads) return finish();
    return read_after(backoff(rereads_, api_.options().backoff), now);
  }
  const bool has_more = shown_.text().size() > text_before_;
  switch (next_) {
    case Next::poll: return poll_after(poll_delay(now), now);
    case Next::check:
      if (!has_more) return reopen_stream(now);
      api_.log(LogLevel::info, "the event stream is held back; polling instead");
      return poll_after(poll_delay(now), now);
    case Next::reopen: break;
  }
  sink_.flush();
  if (position_.event_count() > events_before_) {
    empty_connections_ = 0;
    return reopen_stream(now);
  }
  ++empty_connections_;
  delay_ = Delay::before_reopening;
  return Step::sleep(now + backoff(empty_connections_, api_.options().backoff));
}

// Whether the final object lacks text that the stream delivered, or would have delivered if it had
// not broken.
bool Follow::may_be_incomplete() const {
  const Output& output = prediction_.output;
  if (prediction_.status != Status::succeeded || !output.json().empty()) return false;
  if (position_.holds_more_than(with_lf_only(output.text()))) return true;
  if (stream_done_) return false;
  const bool has_nothing = shown_.text().empty() && output.empty() && !prediction_.data_removed;
  return shown_.is_ahead_of(output) || (stream_broke_ && has_nothing);
}

// Output is written before each wait; the last of it is written with the end: docs/decisions/0006.
Step Follow::poll_after(milliseconds delay, Time now) {
  next_ = Next::poll;
  if (is_terminal(prediction_.status)) return finish();
  if (delay <= milliseconds{0}) return read_object(Next::poll, now);
  return read_after(delay, now);
}

Step Follow::finish() {
  if (prediction_.error.empty() && prediction_.status == Status::failed) {
    prediction_.error = stream_error_;
  }
  shown_.finish(prediction_, api_.endpoint(), may_be_incomplete());
  api_.hide_secrets(prediction_.output);
  prediction_.output_kind = kind_;
  sink_.done(prediction_);
  return Step::done();
}

}  // namespace rellama::replicate

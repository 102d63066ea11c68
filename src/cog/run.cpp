#include "cog/run.hpp"

#include <algorithm>
#include <chrono>
#include <random>
#include <string_view>

#include "rellama/error.hpp"
#include "rellama/stop.hpp"
#include "replicate/retry.hpp"
#include "wire/cog_json.hpp"
#include "wire/problem_json.hpp"

namespace rellama::cog {
namespace {

using http::Event;
using http::Failure;
using http::Step;
using std::chrono::milliseconds;

// The longest delay before retrying a container that is starting or busy.
constexpr milliseconds kLongestDelay{5'000};

// How long the body of an error response may take.
constexpr milliseconds kErrorTimeout{10'000};

bool is_success(int status) {
  return status >= 200 && status < 300;
}

// A container whose setup failed will never be ready.
void throw_if_setup_failed(const CogHealth& health, const std::string& id) {
  using State = CogHealth::State;
  if (health.state != State::setup_failed && health.state != State::defunct) return;
  throw Error(ErrorKind::server, {.failed = "the container cannot run the model",
                                  .why = "its status is " + health.state_text +
                                         (health.logs.empty() ? "" : ": " + health.logs),
                                  .remedy = "check its log",
                                  .prediction_id = id});
}

// How a run ended whose object does not say so in a known word.
Status status_without_word(const Prediction& prediction) {
  if (!prediction.error.empty()) return Status::failed;
  if (!prediction.output.empty()) return Status::succeeded;
  throw Error(ErrorKind::server, {.failed = "cannot read the container's answer",
                                  .why = "it has neither a known status nor output",
                                  .remedy = "check that --endpoint cog=URL names a Cog container",
                                  .prediction_id = prediction.id.value});
}

}  // namespace

std::string make_id() {
  constexpr std::string_view kAlphabet = "abcdefghijklmnopqrstuvwxyz234567";
  std::random_device random;
  std::string id;
  while (id.size() < 26) id += kAlphabet[random() % kAlphabet.size()];
  return id;
}

http::Headers run_headers(Delivery delivery) {
  return {{"Content-Type", "application/json"},
          {"Accept", delivery == Delivery::stream ? "text/event-stream" : "application/json"}};
}

Run::Run(const Connection& connection, const Input& input, Delivery delivery, EventSink& sink)
    : connection_(connection),
      sink_(sink),
      id_(make_id()),
      body_(wire::render_cog_body(id_, input)),
      streams_(delivery == Delivery::stream),
      shown_(sink, {id_}) {}

Step Run::handle(const Event& event) {
  if (cancel_) return handle_cancel(event);
  try {
    return advance(event);
  } catch (...) {
    if (state_ == State::unsent || final_) throw;
    reason_ = std::current_exception();
  }
  return end_early(event.now);
}

// Closing the connection may not stop the run (docs/protocol.md §9), so it is canceled as well.
Step Run::end_early(Time now) {
  cancel_.emplace(connection_, id_);
  return handle_cancel({.kind = Event::Kind::start, .now = now});
}

Step Run::handle_cancel(const Event& event) {
  Step step = cancel_->handle(event);
  if (step.kind == Step::Kind::done) std::rethrow_exception(reason_);
  return step;
}

Step Run::advance(const Event& event) {
  if (event.kind == Event::Kind::stop) throw stop_error(event.reason, id_);
  if (health_) return check_health(event);
  switch (event.kind) {
    case Event::Kind::start: begin_ = event.now; return send();
    case Event::Kind::bytes: return read(event);
    case Event::Kind::end: return end(event);
    case Event::Kind::time: return end_time(event);
    case Event::Kind::stop: break;
  }
  return Step::done();
}

// Without an event stream, the response begins after the run: nobody knows when.
Step Run::send() {
  state_ = State::sent;
  response_ = {};
  return Step::open({.method = puts_ ? "PUT" : "POST",
                     .url = connection_.url_of(puts_ ? "/predictions/" + id_ : "/predictions"),
                     .headers = run_headers(streams_ ? Delivery::stream : Delivery::poll),
                     .body = body_,
                     .may_reuse_connection = false,
                     .accepts_compression = !streams_});
}

Step Run::read(const Event& event) {
  if (state_ == State::sent) read_head(*event.head, event.now);
  if (state_ == State::streaming) return read_events(event);
  if (const auto failure = collect(response_, event)) return retry_after(*failure, event.now);
  return Step::read(until_);
}

void Run::read_head(const http::Head& head, Time now) {
  const bool accepted = is_success(head.status);
  if (accepted) shown_.show_created();
  if (accepted && http::is_event_stream(head.headers)) {
    state_ = State::streaming;
    parser_.emplace();
    shown_.reopen();
  } else {
    state_ = State::collecting;
    until_ = accepted ? Step::kNever : now + kErrorTimeout;
  }
}

Step Run::read_events(const Event& event) {
  parser_->feed(event.bytes);
  while (const auto item = parser_->next()) {
    if (auto step = take_item(*item, event.now)) return *std::move(step);
  }
  sink_.flush();
  // Keep-alive comments also count.
  return Step::read(event.now + connection_.options().stall_timeout);
}

// Returns the next step if the stream is of no more use.
std::optional<Step> Run::take_item(const wire::SseItem& item, Time now) {
  if (item.kind == wire::SseItem::Kind::comment) return std::nullopt;
  if (item.type == "start") {
    shown_.show_processing();
  } else if (item.type == "output") {
    shown_.show_processing();
    shown_.add(wire::parse_cog_chunk(item.data));
  } else if (item.type == "completed") {
    return take_object(item.data, now);
  } else if (item.type == "error") {
    // We read too slowly and missed events: the final object has the whole output.
    shown_.skip();
    connection_.log(LogLevel::info, "the event stream has a gap: " +
                                        wire::render_problem(wire::parse_problem(item.data)));
  }
  return std::nullopt;
}

Step Run::end(const Event& event) {
  if (event.failure != nullptr) return retry_after(*event.failure, event.now);
  if (state_ == State::sent) read_head(*event.head, event.now);
  if (state_ == State::streaming) {
    return retry_after({.request_sent = true, .why = "the event stream ended early"}, event.now);
  }
  response_.status = event.head->status;
  response_.headers = event.head->headers;
  return take_response(event.now);
}

Step Run::end_time(const Event& event) {
  if (state_ == State::waiting) return send();
  if (state_ == State::collecting) return retry_after(timed_out(event), event.now);
  return retry_after({.request_sent = true, .why = "the event stream stalled"}, event.now);
}

// A status other than 2xx can mean to wait, to ask in another way, or an error.
Step Run::take_response(Time now) {
  if (is_success(response_.status)) return take_object(response_.body, now);
  switch (response_.status) {
    case 406:
      if (!streams_) break;
      connection_.log(LogLevel::info, "the model offers no event stream");
      streams_ = false;
      return send();
    case 404:
    case 405:
      if (!puts_) break;  // older containers do not support PUT
      puts_ = false;
      return send();
    case 409: return wait("the container is busy with another run", now);
    case 503:
      health_.emplace(connection_, kHealth);
      return check_health({.kind = Event::Kind::start, .now = now});
    default: break;
  }
  throw replicate::error_for(response_, connection_.attempt("cannot run the prediction", id_));
}

// If the object is not final, the run whose connection broke is still active, and the same PUT
// joins it. Any other answer is final: asking again would run the model again.
Step Run::take_object(std::string_view json, Time now) {
  Prediction prediction = wire::parse_cog_prediction(json, id_);
  if (prediction.status == Status::starting || prediction.status == Status::processing) {
    if (!puts_) {
      throw Error(ErrorKind::server, {.failed = "cannot read the container's answer",
                                      .why = "it came before the run had ended",
                                      .remedy = "ask again",
                                      .prediction_id = id_});
    }
    response_ = {};
    return wait("the container is still running the prediction whose connection broke", now);
  }
  if (!is_terminal(prediction.status)) prediction.status = status_without_word(prediction);
  final_ = std::move(prediction);
  shown_.finish(*final_, connection_.options().base_url);
  sink_.done(*final_);
  return Step::done();
}

Step Run::check_health(const Event& event) {
  Step step = health_->handle(event);
  if (step.kind != Step::Kind::done) return step;
  throw_if_setup_failed(wire::parse_cog_health(health_->take_body()), id_);
  health_.reset();
  return wait("the container is not ready yet", event.now);
}

// A PUT of the same ID continues a run that goes on. A POST would run the model again.
Step Run::retry_after(const Failure& failure, Time now) {
  const auto repeat = puts_ ? replicate::Repeat::freely : replicate::Repeat::only_if_not_accepted;
  if (!replicate::may_repeat(repeat, failure) || failures_ >= connection_.options().retries) {
    const Error error =
        replicate::error_for(failure, connection_.attempt("cannot run the prediction", id_));
    if (shown_.text().empty()) throw error;
    throw shown_.incomplete(error.parts().why, "ask again");
  }
  ++failures_;
  const auto delay = replicate::backoff(failures_, connection_.options().backoff);
  connection_.log(LogLevel::warning, "the container: " + failure.why + "; retrying in " +
                                         std::to_string(delay.count()) + " ms");
  state_ = State::waiting;
  return Step::sleep(now + delay);
}

// The response says how long, if the server wants to.
Step Run::wait(const char* why, Time now) {
  if (now - begin_ > connection_.options().patience) {
    throw Error(ErrorKind::rate_limited, {.failed = "cannot start the prediction",
                                          .why = why,
                                          .remedy = "check its log, or try again later",
                                          .prediction_id = id_});
  }
  const auto requested = replicate::requested_delay(response_);
  const auto usual =
      std::min(replicate::backoff(++waits_, connection_.options().backoff), kLongestDelay);
  if (waits_ == 1) connection_.log(LogLevel::warning, std::string(why) + "; waiting for it");
  state_ = State::waiting;
  return Step::sleep(now + std::min(requested.value_or(usual), kLongestDelay));
}

}  // namespace rellama::cog

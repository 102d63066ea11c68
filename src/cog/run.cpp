// One request runs one prediction. The response is an event stream if the model offers one,
// otherwise the final object:
//
//     PUT ──200, events──▶ chunks in order ──completed──▶ the final object decides
//      │ ▲                    └── broken ──▶ the same PUT again, which continues the run
//      │ ├── 406: no event stream, 404 or 405: POST ──┐
//      │ └── 409, 503, not listening yet: wait ───────┘
//      └──200, JSON──▶ the final object

#include "cog/run.hpp"

#include <algorithm>
#include <cctype>
#include <optional>
#include <random>
#include <string_view>
#include <utility>
#include <vector>

#include "rellama/concatenator.hpp"
#include "rellama/error.hpp"
#include "replicate/endpoint.hpp"
#include "replicate/output_kind.hpp"
#include "replicate/retry.hpp"
#include "wire/cog_json.hpp"
#include "wire/file_url.hpp"
#include "wire/problem_json.hpp"
#include "wire/sse_parser.hpp"

namespace rellama::cog {
namespace {

using Clock = std::chrono::steady_clock;
using http::Transfer;
using std::chrono::milliseconds;

// More text than any model writes. Limits the memory that a hostile server can take.
constexpr std::size_t kMaxOutputBytes = std::size_t{64} << 20;

// The longest delay before retrying a container that is starting or busy.
constexpr milliseconds kLongestDelay{5'000};

bool has_type(const Transfer& transfer, std::string_view expected) {
  const std::string_view type = http::find_header(transfer.headers(), "content-type");
  return type.size() >= expected.size() &&
         std::equal(expected.begin(), expected.end(), type.begin(),
                    [](char wanted, unsigned char c) { return std::tolower(c) == wanted; });
}

class Run {
 public:
  Run(Connection& connection, const Input& input, Delivery delivery, EventSink& sink,
      const StopToken& stop)
      : connection_(connection),
        input_(input),
        sink_(sink),
        stop_(stop),
        id_(make_id()),
        streams_(delivery == Delivery::stream) {}

  Prediction go() {
    const std::string body = wire::render_cog_body(id_, input_);
    std::optional<Prediction> final;
    while (!final) {
      stop_.throw_if_stopped(id_);
      Transfer transfer = open(body);
      try {
        final = read(transfer);
      } catch (...) {
        connection_.cancel(id_);  // before the connection closes
        throw;
      }
    }
    finish_output(*final);
    sink_.done(*final);
    return *std::move(final);
  }

 private:
  [[nodiscard]] Transfer open(const std::string& body) {
    const std::string path = puts_ ? "/predictions/" + id_ : "/predictions";
    return connection_.loop().open(
        {.method = puts_ ? "PUT" : "POST",
         .url = connection_.url_of(path),
         .headers = run_headers(streams_ ? Delivery::stream : Delivery::poll),
         .body = body,
         .accepts_compression = !streams_});
  }

  // Returns the final object, or nullopt to send the request again.
  std::optional<Prediction> read(Transfer& transfer) {
    // Without a stream, the first byte arrives only after the run.
    const auto wake = transfer.wait(stop_, Clock::time_point::max());
    if (wake == Transfer::Wake::stopped) stop_.throw_if_stopped(id_);
    if (wake == Transfer::Wake::finished) {
      const auto failure = transfer.failure();
      if (failure) return retry_after(*failure);
    }
    const int status = transfer.status();
    if (status >= 200 && status < 300) {
      show_created();
      return has_type(transfer, "text/event-stream") ? read_events(transfer) : read_whole(transfer);
    }
    return handle_error_status(transfer);
  }

  std::optional<Prediction> read_whole(Transfer& transfer) {
    http::Response response;
    const auto failure =
        connection_.loop().finish(transfer, response, stop_, Clock::time_point::max());
    stop_.throw_if_stopped(id_);
    if (failure) return retry_after(*failure);
    return read_object(response.body);
  }

  // If the object is not final, the run whose connection broke is still active.
  std::optional<Prediction> read_object(std::string_view json) {
    Prediction prediction = wire::parse_cog_prediction(json, id_);
    if (is_terminal(prediction.status)) return prediction;
    return wait("the container is still running the prediction whose connection broke", {});
  }

  std::optional<Prediction> read_events(Transfer& transfer) {
    wire::SseParser parser;
    next_index_ = 0;
    auto stalls_at = Clock::now() + connection_.options().stall_timeout;
    while (true) {
      parser.feed(transfer.bytes());
      while (const auto item = parser.next()) {
        if (auto final = read_item(*item)) return final;
      }
      transfer.drop_bytes();
      sink_.flush();
      const auto wake = transfer.wait(stop_, stalls_at);
      if (wake == Transfer::Wake::stopped) stop_.throw_if_stopped(id_);
      if (wake == Transfer::Wake::timed_out)
        return retry_after({.request_sent = true, .why = "the event stream stalled"});
      if (wake == Transfer::Wake::finished) {
        return retry_after(transfer.failure().value_or(
            http::Failure{.request_sent = true, .why = "the event stream ended early"}));
      }
      // Keep-alive comments also reset the timeout.
      stalls_at = Clock::now() + connection_.options().stall_timeout;
    }
  }

  std::optional<Prediction> read_item(const wire::SseItem& item) {
    if (item.kind == wire::SseItem::Kind::comment) return std::nullopt;
    if (item.type == "start") {
      show_processing();
    } else if (item.type == "output") {
      show_processing();
      add_chunk(wire::parse_cog_chunk(item.data));
    } else if (item.type == "completed") {
      return read_object(item.data);
    } else if (item.type == "error") {
      // We read too slowly and missed events: the final object has the whole output.
      has_gap_ = true;
      connection_.log(LogLevel::info, "the event stream has a gap: " +
                                          wire::render_problem(wire::parse_problem(item.data)));
    }
    return std::nullopt;
  }

  void add_chunk(const wire::CogChunk& chunk) {
    const std::size_t index = chunk.index.value_or(next_index_);
    next_index_ = index + 1;
    if (!chunk.text || has_gap_) return;
    if (index < chunks_.size()) {  // received before the connection broke
      if (chunks_[index] != *chunk.text) throw different_output();
      return;
    }
    if (index > chunks_.size()) {
      has_gap_ = true;
      return;
    }
    chunks_.push_back(*chunk.text);
    if (text_.text().size() + chunk.text->size() > kMaxOutputBytes) {
      throw Error(ErrorKind::server, {.failed = "cannot read the rest of the output",
                                      .why = "it is longer than 64 MiB",
                                      .prediction_id = id_});
    }
    // If this may be a file URL, it is held back until the final object tells.
    if (chunks_.size() == 1) holds_ = wire::is_file_url(*chunk.text);
    const std::string_view fresh = text_.append(*chunk.text);
    if (!holds_) show(fresh);
  }

  [[nodiscard]] Error different_output() const {
    return {ErrorKind::incomplete,
            {.failed = "the answer above is incomplete",
             .why = "the container restarted the run and produced different output",
             .remedy = "ask again",
             .prediction_id = id_}};
  }

  // Handles a status other than 2xx, which can mean to wait or an error.
  std::optional<Prediction> handle_error_status(Transfer& transfer) {
    http::Response response;
    const auto failure =
        connection_.loop().finish(transfer, response, stop_, Clock::now() + milliseconds{10'000});
    stop_.throw_if_stopped(id_);
    if (failure) return retry_after(*failure);
    switch (response.status) {
      case 406:
        if (!streams_) break;
        connection_.log(LogLevel::info, "the model offers no event stream");
        streams_ = false;
        return std::nullopt;
      case 404:
      case 405:
        if (!puts_) break;  // older containers do not support PUT
        puts_ = false;
        return std::nullopt;
      case 409: return wait("the container is busy with another run", response);
      case 503: check_health(); return wait("the container is not ready yet", response);
      default: break;
    }
    throw replicate::error_for(response, attempt());
  }

  std::optional<Prediction> retry_after(const http::Failure& failure) {
    if (failure.cause == http::Failure::Cause::too_large ||
        failure.cause == http::Failure::Cause::certificate ||
        failures_ >= connection_.options().retries) {
      throw broken(failure);
    }
    ++failures_;
    const auto delay = replicate::backoff(failures_, connection_.options().backoff);
    connection_.log(LogLevel::warning, "the container: " + failure.why + "; retrying in " +
                                           std::to_string(delay.count()) + " ms");
    sink_.flush();
    connection_.loop().sleep(delay, stop_);
    return std::nullopt;
  }

  [[nodiscard]] Error broken(const http::Failure& failure) const {
    const Error error = replicate::error_for(failure, attempt());
    if (text_.text().empty()) return error;
    return {ErrorKind::incomplete,
            {.failed = "the answer above is incomplete",
             .why = error.parts().why,
             .remedy = "ask again",
             .prediction_id = id_}};
  }

  std::optional<Prediction> wait(const char* why, const http::Response& response) {
    if (Clock::now() - begin_ > connection_.options().patience) {
      throw Error(ErrorKind::rate_limited, {.failed = "cannot start the prediction",
                                            .why = why,
                                            .remedy = "check its log, or try again later",
                                            .prediction_id = id_});
    }
    const auto requested = replicate::requested_delay(response);
    const auto usual =
        std::min(replicate::backoff(++waits_, connection_.options().backoff), kLongestDelay);
    if (waits_ == 1) connection_.log(LogLevel::warning, std::string(why) + "; waiting for it");
    connection_.loop().sleep(std::min(requested.value_or(usual), kLongestDelay), stop_);
    return std::nullopt;
  }

  // Throws if the setup of the container failed: it will never be ready.
  void check_health() {
    using State = CogHealth::State;
    const http::Response response =
        connection_.get("/health-check", "cannot read the container's health", stop_);
    const CogHealth health = wire::parse_cog_health(response.body);
    if (health.state != State::setup_failed && health.state != State::defunct) return;
    throw Error(ErrorKind::server, {.failed = "the container cannot run the model",
                                    .why = "its status is " + health.state_text +
                                           (health.logs.empty() ? "" : ": " + health.logs),
                                    .remedy = "check its log",
                                    .prediction_id = id_});
  }

  // Shows the rest of the output, and checks that the final object agrees with what was shown.
  void finish_output(Prediction& final) {
    show_created();
    show_processing();
    const std::string& whole = final.output.text();
    if (final.output.json().empty() && text_.agrees_with(whole)) {
      const std::string_view fresh = text_.append_cumulative(whole);
      replicate::apply_kind(final.output, OutputKind::unknown,
                            replicate::Endpoint(connection_.options().base_url, true));
      if (final.output.json().empty()) {
        show(holds_ ? std::string_view(text_.text()) : fresh);
        show(text_.finish());
      }
    } else if (!text_.text().empty() && final.status == Status::succeeded) {
      sink_.flush();
      throw Error(ErrorKind::incomplete, {.failed = "the answer above is incomplete",
                                          .why = "the stream and the final output differ",
                                          .remedy = "ask again with --no-stream",
                                          .prediction_id = id_});
    } else if (final.output.empty() && !text_.text().empty()) {
      final.output.append(text_.text());  // the output of a failed run
    }
  }

  void show(std::string_view fresh) {
    if (!fresh.empty()) sink_.output(fresh);
  }

  void show_created() {
    if (std::exchange(created_, true)) return;
    Prediction prediction;
    prediction.id.value = id_;
    prediction.status = Status::starting;
    sink_.created(prediction);
  }

  void show_processing() {
    if (!std::exchange(processing_, true)) sink_.status_changed(Status::processing);
  }

  [[nodiscard]] replicate::Attempt attempt() const {
    return connection_.attempt("cannot run the prediction", id_);
  }

  Connection& connection_;
  const Input& input_;
  EventSink& sink_;
  const StopToken& stop_;
  const std::string id_;
  const Clock::time_point begin_ = Clock::now();
  bool streams_;
  bool puts_ = true;
  int failures_ = 0;
  int waits_ = 0;

  Concatenator text_;
  std::vector<std::string> chunks_;
  std::size_t next_index_ = 0;  // the index of a chunk that has none
  bool has_gap_ = false;
  bool holds_ = false;
  bool created_ = false;
  bool processing_ = false;
};

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

Prediction run(Connection& connection, const Input& input, Delivery delivery, EventSink& sink,
               const StopToken& stop) {
  return Run(connection, input, delivery, sink, stop).go();
}

}  // namespace rellama::cog

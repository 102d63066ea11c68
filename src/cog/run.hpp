#pragma once

#include <exception>
#include <optional>
#include <string>
#include <utility>

#include "cog/cancel.hpp"
#include "cog/connection.hpp"
#include "cog/exchange.hpp"
#include "cog/shown_chunks.hpp"
#include "http/task.hpp"
#include "wire/sse_parser.hpp"

namespace rellama::cog {

/// A random prediction ID: 26 base-32 characters, as recommended by Cog's documentation.
[[nodiscard]] std::string make_id();

/// The headers of the request that runs a prediction. With Delivery::poll, it requests no event
/// stream.
[[nodiscard]] http::Headers run_headers(Delivery delivery);

/// Runs one prediction; see CogClient::run. One request does it, and its response is an event
/// stream if the model offers one, otherwise the final object:
///
///     PUT ──200, events──▶ chunks in order ──completed──▶ the final object decides
///      │ ▲                    └── broken ──▶ the same PUT again, which continues the run; not a
///      POST │ ├── 406: no event stream, 404 or 405: POST ──┐ │ └── 409, 503, not listening yet:
///      wait ───────┘ └──200, JSON──▶ the final object
///
/// If it has to end early, it cancels the run, and then throws the reason.
class Run final : public http::Task {
 public:
  /// `connection` and `sink` must outlive this. Throws Error (invalid_input) if a JsonText is not
  /// JSON.
  Run(const Connection& connection, const Input& input, Delivery delivery, EventSink& sink);

  http::Step handle(const http::Event& event) override;
  [[nodiscard]] bool held() const override { return !cancel_ && sink_.is_full(); }

  /// The final prediction, once the task is done.
  [[nodiscard]] Prediction take() { return *std::move(final_); }
  /// The prediction as it was created; without an ID if it was not.
  [[nodiscard]] const Prediction& created() const noexcept { return shown_.created(); }

 private:
  using Time = http::Clock::time_point;

  enum class State {
    unsent,      // nothing has been sent yet
    waiting,     // to send the request again
    sent,        // no response yet
    streaming,   // the response is an event stream
    collecting,  // it is not: its whole body is needed
  };

  http::Step advance(const http::Event& event);
  http::Step end_early(Time now);
  http::Step handle_cancel(const http::Event& event);

  http::Step send();
  http::Step read(const http::Event& event);
  void read_head(const http::Head& head, Time now);
  http::Step read_events(const http::Event& event);
  std::optional<http::Step> take_item(const wire::SseItem& item, Time now);
  http::Step end(const http::Event& event);
  http::Step end_time(const http::Event& event);

  http::Step take_response(Time now);
  http::Step take_object(std::string_view json, Time now);
  http::Step check_health(const http::Event& event);
  http::Step retry_after(const http::Failure& failure, Time now);
  http::Step wait(const char* why, Time now);

  const Connection& connection_;
  EventSink& sink_;
  const std::string id_;
  const std::string body_;
  bool streams_;
  bool puts_ = true;

  State state_ = State::unsent;
  std::optional<wire::SseParser> parser_ = {};
  http::Response response_;              // what has been collected of it
  Time until_ = {};                      // of the response that is collected
  std::optional<Exchange> health_ = {};  // the health check that is under way
  std::optional<Cancel> cancel_ = {};    // what ends the run early
  std::exception_ptr reason_ = {};       // why it ends early
  std::optional<Prediction> final_ = {};

  ShownChunks shown_;
  Time begin_ = {};
  int failures_ = 0;
  int waits_ = 0;
};

}  // namespace rellama::cog

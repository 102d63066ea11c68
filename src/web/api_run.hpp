#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "api/answer_writer.hpp"
#include "api/stop_cutter.hpp"
#include "httpd/exchange.hpp"
#include "web/engine.hpp"

namespace rellama::web {

/// Whoever waits for an answer.
struct Caller {
  httpd::Exchange exchange;
  httpd::Headers headers = {};  ///< that the reply has besides its own
};

/// What a client asked for.
struct ApiQuestion {
  std::string id;  ///< of the run
  const api::Endpoint& endpoint;
  api::Order order;
  std::string body;  ///< by which a repeat is known
};

/// A run whose answer goes to one client, in one of the API's protocols. If the client leaves,
/// another may take its place: what has arrived is sent again. Used on the engine's thread.
class ApiRun final : public RunListener {
 public:
  /// `engine` must outlive this.
  ApiRun(ApiQuestion question, Engine& engine, std::chrono::milliseconds keep_alive);

  /// The request to run. To be called once.
  [[nodiscard]] GenerateRequest take_request() { return std::move(question_.order.request); }

  /// Sends the answer to `caller`, from its beginning.
  void attach(Caller caller);
  /// The client has left.
  void detach() { caller_.reset(); }

  [[nodiscard]] const ApiQuestion& question() const noexcept { return question_; }
  /// Whether the client has left, and `detach` was not called yet.
  [[nodiscard]] bool has_lost_client() const { return caller_ && caller_->exchange.is_gone(); }
  [[nodiscard]] bool has_ended() const noexcept { return outcome_ != nullptr; }
  /// Since when no part of the answer has been sent to the client.
  [[nodiscard]] Time quiet_since() const noexcept { return quiet_since_; }

  void queued(std::size_t /*position*/) override {}
  [[nodiscard]] bool is_wanted() const override {
    return caller_ && !caller_->exchange.has_hung_up();
  }
  void begun() override { is_sent_ = true; }
  void created(const Prediction& prediction) override;
  void prompt_fitted(const PromptFit& fit) override;
  void status_changed(Status /*status*/) override {}
  void output(std::string_view text) override;
  void stopping() override {}
  void ended(RowEnd end) override;
  Time flush(Time now) override;

 private:
  /// How it ended: with a failure, or well.
  struct Outcome {
    std::optional<api::Failure> failure = {};
    api::AnswerEnd end = {};
  };

  void take(std::string_view text);
  [[nodiscard]] api::Failure failure_of(const Error& error) const;
  [[nodiscard]] api::AnswerEnd end_of(const Prediction& prediction) const;
  void begin_stream();
  void send(const std::string& bytes);
  void send_news(Time now);
  void deliver();
  void deliver_stream();
  [[nodiscard]] httpd::Reply whole_reply() const;

  ApiQuestion question_;
  Engine& engine_;
  const std::chrono::milliseconds keep_alive_;
  const Time started_at_ = Engine::Clock::now();
  std::optional<Caller> caller_ = {};
  std::unique_ptr<api::AnswerWriter> writer_;
  api::StopCutter cutter_;
  std::int64_t input_tokens_ = 0;  // an estimate
  std::size_t turns_dropped_ = 0;
  bool is_sent_ = false;
  std::optional<api::AnswerHead> head_ = {};
  std::optional<Time> first_text_at_ = {};
  std::string text_;
  std::size_t sent_ = 0;  // bytes of `text_`
  bool is_streaming_ = false;
  Time quiet_since_ = started_at_;
  Time sent_at_ = {};
  std::unique_ptr<const Outcome> outcome_;
};

}  // namespace rellama::web

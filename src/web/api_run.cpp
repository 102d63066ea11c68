#include "web/api_run.hpp"

#include <algorithm>
#include <utility>

#include "rellama/outcome.hpp"
#include "rellama/transcript.hpp"
#include "web/api_reply.hpp"
#include "web/reply.hpp"
#include "wire/iso_time.hpp"

namespace rellama::web {
namespace {

// What models put before an answer.
constexpr std::string_view kBlanks = " \t\r\n";

// Output that is not text: the URLs of files, or JSON.
std::string other_output(const Prediction& prediction) {
  std::string text;
  for (const std::string& url : prediction.output.files()) {
    text += (text.empty() ? "" : "\n") + url;
  }
  return text.empty() ? prediction.output.json() : text;
}

std::int64_t estimate(const api::Order& order) {
  const TokenEstimate tokens;
  return tokens.count(order.request.prompt) +
         tokens.count(order.request.parameters.system_prompt.value_or(std::string()));
}

}  // namespace

ApiRun::ApiRun(ApiQuestion question, Engine& engine, std::chrono::milliseconds keep_alive)
    : question_(std::move(question)),
      engine_(engine),
      keep_alive_(keep_alive),
      cutter_(question_.order.stops),
      input_tokens_(estimate(question_.order)) {}

void ApiRun::attach(Caller caller) {
  caller_ = std::move(caller);
  writer_ = api::make_writer(question_.endpoint, question_.order);
  is_streaming_ = false;
  sent_ = 0;
  quiet_since_ = Engine::Clock::now();
  if (has_ended()) return deliver();
  if (head_) begin_stream();
}

void ApiRun::created(const Prediction& prediction) {
  const auto created = wire::parse_iso_time(prediction.created_at);
  head_ = {.id = prediction.id.value,
           .model = question_.order.model,
           .created = created.value_or(std::chrono::system_clock::now())};
  begin_stream();
}

void ApiRun::prompt_fitted(const PromptFit& fit) {
  input_tokens_ = fit.estimated_tokens;
  turns_dropped_ = fit.turns_dropped;
}

void ApiRun::output(std::string_view text) {
  if (cutter_.found()) return;
  take(cutter_.append(text));
  if (!cutter_.found()) return;
  // What follows is not wanted, but would be billed.
  engine_.post(
      [&engine = engine_, id = question_.id] { engine.stop(id, ErrorKind::output_closed); });
}

void ApiRun::take(std::string_view text) {
  if (text.empty()) return;
  if (!first_text_at_) first_text_at_ = Engine::Clock::now();
  if (text_.empty() && !question_.order.keeps_blanks) {
    text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
  }
  text_ += text;
}

void ApiRun::ended(RowEnd end) {
  Outcome outcome;
  auto error = end.error ? end.error : find_failure(end.prediction);
  if (!cutter_.found()) take(cutter_.finish());
  if (cutter_.found()) error.reset();  // it was stopped because the answer is complete
  if (error) {
    outcome.failure = failure_of(*error);
  } else {
    if (!first_text_at_ && !cutter_.found()) take(other_output(end.prediction));
    outcome.end = end_of(end.prediction);
  }
  outcome_ = std::make_unique<const Outcome>(std::move(outcome));
  if (caller_) deliver();
}

api::Failure ApiRun::failure_of(const Error& error) const {
  if (!is_sent_) return api::stopped(kStatusUnavailable);  // nothing else ends it in the queue
  return api::in_words_of_request(question_.endpoint, question_.order,
                                  api::failure_of(error, head_.has_value()));
}

// What the model does not report is estimated.
api::AnswerEnd ApiRun::end_of(const Prediction& prediction) const {
  const Usage usage = usage_of(prediction);
  const Time now = Engine::Clock::now();
  const Time first = first_text_at_.value_or(now);
  return {.is_cut_short = find_token_limit_reached(prediction).has_value(),
          .stop = cutter_.found(),
          .input_tokens = usage.input_tokens.value_or(input_tokens_),
          .output_tokens = usage.output_tokens.value_or(TokenEstimate().count(text_)),
          .waited = first - started_at_,
          .answered = now - first};
}

RunListener::Time ApiRun::flush(Time now) {
  if (!caller_ || !is_streaming_) return Time::max();
  send_news(now);
  if (now >= sent_at_ + keep_alive_) send(writer_->keep_alive());
  return sent_at_ + keep_alive_;
}

void ApiRun::begin_stream() {
  if (!caller_ || !question_.order.stream) return;
  httpd::Head head = api_stream(writer_->stream_type(), head_->id);
  head.headers.insert(head.headers.end(), caller_->headers.begin(), caller_->headers.end());
  if (turns_dropped_ > 0) {
    head.headers.emplace_back("x-rellama-turns-dropped", std::to_string(turns_dropped_));
  }
  caller_->exchange.begin(std::move(head));
  is_streaming_ = true;
  send(writer_->begin(*head_));
  send_news(Engine::Clock::now());
}

void ApiRun::send(const std::string& bytes) {
  if (!bytes.empty()) caller_->exchange.send(bytes);
  sent_at_ = Engine::Clock::now();
}

void ApiRun::send_news(Time now) {
  if (!caller_ || sent_ == text_.size()) return;
  send(writer_->add(std::string_view(text_).substr(sent_)));
  sent_ = text_.size();
  quiet_since_ = now;
}

void ApiRun::deliver() {
  if (!is_streaming_ && question_.order.stream && head_ && !outcome_->failure) begin_stream();
  if (is_streaming_) return deliver_stream();
  httpd::Reply reply = whole_reply();
  add_headers(reply, caller_->headers);
  caller_->exchange.reply(std::move(reply));
}

void ApiRun::deliver_stream() {
  send_news(Engine::Clock::now());
  send(outcome_->failure ? writer_->fail(*outcome_->failure) : writer_->end(outcome_->end));
  caller_->exchange.finish();
  is_streaming_ = false;
}

httpd::Reply ApiRun::whole_reply() const {
  const std::string id = head_ ? head_->id : std::string();
  httpd::Reply reply;
  if (outcome_->failure) {
    constexpr const char* kPause = "10";  // what was waited for already did not suffice
    reply = api_failure(question_.endpoint.protocol, *outcome_->failure, id);
    if (reply.status == kStatusTooMany) reply.headers.emplace_back("Retry-After", kPause);
  } else {
    reply = api_reply(kStatusOk,
                      writer_->whole(head_.value_or(api::AnswerHead{}), text_, outcome_->end), id);
  }
  if (turns_dropped_ > 0) {
    reply.headers.emplace_back("x-rellama-turns-dropped", std::to_string(turns_dropped_));
  }
  return reply;
}

}  // namespace rellama::web

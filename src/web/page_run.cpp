#include "web/page_run.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "rellama/error.hpp"
#include "rellama/outcome.hpp"
#include "web/json_value.hpp"
#include "wire/counted.hpp"
#include "wire/iso_time.hpp"

namespace rellama::web {
namespace {

using Json = nlohmann::ordered_json;
using std::chrono::milliseconds;

// A page that changes more often only costs the reader's machine more.
constexpr milliseconds kShortestPause{100};
// How often the time of a boot is told.
constexpr milliseconds kBootPause{1000};

double seconds_between(RunListener::Time from, RunListener::Time to) {
  constexpr double kTenths = 10;
  const auto tenths = std::chrono::duration<double>(to - from).count() * kTenths;
  return std::max(0.0, std::floor(tenths) / kTenths);
}

bool was_stopped(ErrorKind kind) {
  return kind == ErrorKind::interrupted || kind == ErrorKind::terminated ||
         kind == ErrorKind::hung_up || kind == ErrorKind::deadline || kind == ErrorKind::canceled;
}

}  // namespace

PageRun::PageRun(PageRunFacts facts, Board& board) : facts_(std::move(facts)), board_(board) {
  publish({});
}

void PageRun::queued(std::size_t position) {
  position_ = position;
  has_news_ = true;
}

void PageRun::begun() {
  position_ = 0;
  has_news_ = true;
}

void PageRun::created(const Prediction& prediction) {
  prediction_ = prediction.id.value;
  created_at_ = Engine::Clock::now();
  if (facts_.record) facts_.record->set_prediction(prediction_);
  status_changed(prediction.status);
}

void PageRun::prompt_fitted(const PromptFit& fit) {
  if (fit.turns_dropped == 0) return;
  const std::string what = fit.turns_dropped == 1 ? "The earliest message was"
                                                  : "The " + std::to_string(fit.turns_dropped) +
                                                        " earliest messages were";
  facts_.warnings.push_back(what + " left out to fit the model's " + std::to_string(fit.window) +
                            "-token window.");
  has_news_ = true;
}

void PageRun::status_changed(Status status) {
  has_news_ = true;
  if (is_stopping_ || is_terminal(status)) return;  // `ended` follows
  if (status == Status::starting) {
    status_ = "booting";
    return;
  }
  status_ = "running";
  if (!started_at_) started_at_ = Engine::Clock::now();
}

void PageRun::output(std::string_view text) {
  if (!started_at_) status_changed(Status::processing);
  blocks_.feed(text);
  if (facts_.record) facts_.record->append(text);
  text_ += text;
  ++pieces_;
  has_news_ = true;
}

void PageRun::stopping() {
  is_stopping_ = true;
  status_ = "stopping";
  has_news_ = true;
}

void PageRun::ended(RowEnd end) {
  ended_at_ = Engine::Clock::now();
  has_ended_ = true;
  conclude(end);
  blocks_.finish();
  record_end(end.prediction);  // whoever hears of the end may look at the conversation
  publish(*ended_at_);
  board_.end(facts_.id, std::move(text_));
}

void PageRun::conclude(RowEnd& end) {
  add_usage(end.prediction);
  std::optional<Error> error = std::move(end.error);
  if (!error) {
    add_output(end.prediction);
    error = find_failure(end.prediction);
  }
  if (error) return fail(*error, end.prediction);
  status_ = "succeeded";
  if (const auto limit = find_token_limit_reached(end.prediction)) {
    facts_.warnings.push_back("The answer stopped at its limit of " +
                              wire::counted(*limit, "token") + " and may be cut short.");
  }
}

// Text has arrived already.
void PageRun::add_output(const Prediction& prediction) {
  const Output& output = prediction.output;
  for (const std::string& url : output.files()) {
    more_blocks_.push_back(render_file_block(url, more_blocks_.size() + 1));
  }
  if (output.files().empty() && !output.json().empty()) {
    more_blocks_.push_back(render_json_block(output.json()));
  }
}

void PageRun::fail(const Error& error, const Prediction& prediction) {
  const bool is_confirmed = prediction_.empty() || facts_.is_container ||
                            prediction.status == Status::canceled ||
                            prediction.status == Status::aborted;
  if (!was_stopped(error.kind())) {
    status_ = error.kind() == ErrorKind::incomplete || !text_.empty() ? "incomplete" : "failed";
    if (error.kind() == ErrorKind::prediction_failed) status_ = "failed";
    error_ = error;
    return;
  }
  status_ = "canceled";
  if (error.kind() == ErrorKind::deadline || error.kind() == ErrorKind::canceled) error_ = error;
  if (is_confirmed) return;
  if (is_terminal(prediction.status)) {
    facts_.warnings.push_back("The run had ended before it could be canceled.");
  } else {
    error_ = Error(ErrorKind::server,
                   {.failed = "Replicate did not confirm that the run was canceled",
                    .why = "it may go on, and is then billed",
                    .remedy = "check it with: rellama predictions show " + prediction_,
                    .prediction_id = prediction_});
  }
}

void PageRun::add_usage(const Prediction& prediction) {
  const Usage usage = usage_of(prediction);
  input_tokens_ = usage.input_tokens;
  output_tokens_ = usage.output_tokens;
  seconds_ = usage.seconds;
  rate_ = usage.tokens_per_second;
}

void PageRun::record_end(const Prediction& prediction) {
  if (!facts_.record) return;
  if (text_.empty() && !more_blocks_.empty()) facts_.record->append(prediction.output.json());
  std::string status = "cut";
  if (is_terminal(prediction.status)) status = render_status(prediction.status);
  if (status_ == "canceled" && prediction_.empty()) status = "canceled";  // it was never sent
  facts_.record->end({.status = std::move(status),
                      .error = error_ ? error_->what() : std::string(),
                      .ended_at = current_time(),
                      .input_tokens = input_tokens_,
                      .output_tokens = output_tokens_,
                      .seconds = seconds_});
  (void)facts_.record->write(*ended_at_);
  board_.tell_conversations();
}

RunListener::Time PageRun::flush(Time now) {
  const Time write_again = facts_.record ? facts_.record->write(now) : Time::max();
  const bool is_booting = status_ == "booting";
  if (is_booting && now >= published_at_ + kBootPause) has_news_ = true;
  if (has_news_ && now >= published_at_ + kShortestPause) publish(now);
  Time next = is_booting ? published_at_ + kBootPause : Time::max();
  if (has_news_) next = published_at_ + kShortestPause;
  return std::min(next, write_again);
}

void PageRun::publish(Time now) {
  has_news_ = false;
  published_at_ = now;
  BlocksChange change = blocks_.take_change();
  if (has_ended_) {
    change.blocks.insert(change.blocks.end(), more_blocks_.begin(), more_blocks_.end());
  }
  board_.publish(facts_.id, fields(now), std::move(change));
}

Json PageRun::fields(Time now) const {
  const TurnRecord* const record = facts_.is_single ? nullptr : facts_.record.get();
  const Time until = ended_at_.value_or(now);
  std::optional<double> boot;
  if (created_at_) boot = seconds_between(*created_at_, started_at_.value_or(until));
  std::optional<double> run_time = seconds_;
  if (!run_time && started_at_) run_time = seconds_between(*started_at_, until);
  // While it runs, the pieces of text are counted: most are one token.
  const Json tokens_out = output_tokens_ ? Json(*output_tokens_) : Json(pieces_);
  std::optional<double> rate = rate_;
  if (!rate && run_time && *run_time > 0) rate = tokens_out.get<double>() / *run_time;

  Json fields;
  fields["conversation"] =
      record ? Json(render_conversation_id(record->turn().conversation)) : Json();
  fields["message"] =
      record ? Json(render_message_id({.is_answer = true, .turn = record->turn().number})) : Json();
  fields["model"] = facts_.model;
  fields["prompt"] = facts_.prompt;
  fields["status"] = status_;
  fields["created_at"] = wire::render_iso_time(asked_at_);
  fields["boot_seconds"] = or_null(boot);
  fields["prediction"] = prediction_.empty() ? Json() : Json(prediction_);
  fields["queue_position"] = position_ == 0 ? Json() : Json(position_);
  fields["tokens"] = {{"in", or_null(input_tokens_)}, {"out", tokens_out}};
  fields["seconds"] = or_null(run_time);
  constexpr double kTenths = 10;
  fields["tokens_per_second"] = rate ? Json(std::round(*rate * kTenths) / kTenths) : Json();
  fields["text_length"] = text_.size();
  fields["error"] = Json();
  if (error_) {
    const ErrorParts& parts = error_->parts();
    fields["error"] = {
        {"message", parts.why.empty() ? parts.failed : parts.failed + ": " + parts.why},
        {"remedy", parts.remedy}};
  }
  fields["warnings"] = facts_.warnings;
  fields["done"] = has_ended_;
  return fields;
}

}  // namespace rellama::web

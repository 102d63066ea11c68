#include "run/recording.hpp"

#include <chrono>
#include <exception>
#include <utility>

#include "rellama/outcome.hpp"
#include "terminal/visible_text.hpp"

namespace rellama::program {
namespace {

history::Time now() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

history::TurnEnd end_of(const Prediction& prediction) {
  const Usage usage = usage_of(prediction);
  return {.status = std::string(render_status(prediction.status)),
          .error = reason_of(prediction),
          .ended_at = now(),
          .input_tokens = usage.input_tokens,
          .output_tokens = usage.output_tokens,
          .seconds = usage.seconds};
}

}  // namespace

TurnSink::TurnSink(Recording& recording, history::NewTurn turn)
    : recording_(recording), turn_(std::move(turn)) {}

void TurnSink::created(const Prediction& prediction) {
  turn_.prediction = prediction.id.value;
  turn_.asked_at = now();
  recording_.recorder_->begin(std::move(turn_));
  is_open_ = true;
}

void TurnSink::flush() {
  recording_.recorder_->append(new_text_);
  has_text_ = has_text_ || !new_text_.empty();
  new_text_.clear();
}

void TurnSink::done(const Prediction& prediction) {
  flush();
  if (!has_text_) recording_.recorder_->append(prediction.output.json());
}

void TurnSink::end(const Prediction& prediction) {
  if (!std::exchange(is_open_, false)) return;
  recording_.finish(end_of(prediction));
}

void TurnSink::end(const Error& error) {
  if (!std::exchange(is_open_, false)) return;
  flush();
  recording_.finish({.status = "cut", .error = error.what(), .ended_at = now()});
}

Recording::Recording(bool enabled, Warnings warnings, const Context& context)
    : warnings_(warnings), context_(context) {
  if (!enabled) return;
  if (auto path = find_history_path(context)) recorder_.emplace(*std::move(path));
}

Recording open_recording(const HistoryOptions& history, const OutputOptions& output, bool demo,
                         const Context& context) {
  return Recording(!history.no_log && !demo,
                   output.quiet ? Recording::Warnings::hidden : Recording::Warnings::shown,
                   context);
}

std::unique_ptr<TurnSink> Recording::start(history::NewTurn turn) {
  last_.reset();
  return recorder_ ? std::make_unique<TurnSink>(*this, std::move(turn)) : nullptr;
}

void Recording::record_detached(history::NewTurn turn, const Prediction& prediction) {
  if (const auto sink = start(std::move(turn))) sink->created(prediction);
}

void Recording::set_position(const history::TurnId& id) {
  if (recorder_) recorder_->go_to(id);
}

void complete_recorded(const Prediction& prediction, const Context& context) noexcept {
  if (!is_terminal(prediction.status)) return;
  try {
    auto store = find_history(context);
    const std::string& text = prediction.output.text();
    const std::string output(text.empty() ? std::string(prediction.output.json()) : text);
    if (store) (void)store->complete(prediction.id.value, output, end_of(prediction));
  } catch (const std::exception&) {
  }
}

void Recording::finish(const history::TurnEnd& end) {
  last_ = recorder_->end(end);
  const auto failure = recorder_->take_failure();
  if (!failure || warnings_ == Warnings::hidden) return;
  tell(context_,
       "rellama: warning: answer not recorded: " + terminal::one_line(failure->what()) + "\n");
}

}  // namespace rellama::program

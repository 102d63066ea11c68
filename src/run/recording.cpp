#include "run/recording.hpp"

#include <chrono>
#include <string>
#include <utility>

#include "options/history_options.hpp"
#include "rellama/error.hpp"
#include "run/usage_line.hpp"
#include "terminal/sink_list.hpp"
#include "terminal/visible_text.hpp"

namespace rellama::program {
namespace {

history::Time now() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

// Hands the recorder what has been shown; it does not wait for it.
class RecordingSink final : public EventSink {
 public:
  RecordingSink(history::Recorder& recorder, history::NewTurn turn)
      : recorder_(recorder), turn_(std::move(turn)) {}

  void created(const Prediction& prediction) override {
    turn_.prediction = prediction.id.value;
    turn_.asked_at = now();
    recorder_.begin(std::move(turn_));
    has_begun_ = true;
  }
  void output(std::string_view text) override { new_text_ += text; }
  void flush() override {
    recorder_.append(new_text_);
    has_text_ = has_text_ || !new_text_.empty();
    new_text_.clear();
  }
  void done(const Prediction& prediction) override {
    flush();
    if (!has_text_) recorder_.append(prediction.output.json());
  }

  [[nodiscard]] bool has_begun() const noexcept { return has_begun_; }

 private:
  history::Recorder& recorder_;
  history::NewTurn turn_;
  std::string new_text_;
  bool has_text_ = false;
  bool has_begun_ = false;
};

history::TurnEnd end_of(const Prediction& prediction) {
  const Usage usage = usage_of(prediction);
  return {.status = std::string(render_status(prediction.status)),
          .error = prediction.error,
          .ended_at = now(),
          .input_tokens = usage.input_tokens,
          .output_tokens = usage.output_tokens,
          .seconds = usage.seconds};
}

}  // namespace

Recording::Recording(bool keeps, Warnings warnings, const Context& context)
    : warnings_(warnings), context_(context) {
  if (!keeps) return;
  if (auto path = find_history_path(context)) recorder_.emplace(*std::move(path));
}

BringHome Recording::keep(history::NewTurn turn, BringHome bring_home) {
  kept_.reset();
  if (!recorder_) return bring_home;
  return [this, turn = std::move(turn), bring_home = std::move(bring_home)](
             Client& client, EventSink& sink, const LogFunction& log) {
    RecordingSink recording(*recorder_, turn);
    terminal::SinkList sinks;
    sinks.add(sink);
    sinks.add(recording);
    try {
      Prediction prediction = bring_home(client, sinks, log);
      if (recording.has_begun()) end(end_of(prediction));
      return prediction;
    } catch (const Error& error) {
      if (recording.has_begun()) {
        recording.flush();
        end({.status = "cut", .error = error.what(), .ended_at = now()});
      }
      throw;
    }
  };
}

void Recording::keep_started(history::NewTurn turn, const Prediction& prediction) {
  if (!recorder_) return;
  RecordingSink(*recorder_, std::move(turn)).created(prediction);
}

void Recording::go_to(const history::TurnId& id) {
  if (recorder_) recorder_->go_to(id);
}

void Recording::end(const history::TurnEnd& end) {
  kept_ = recorder_->end(end);
  const auto failure = recorder_->take_failure();
  if (!failure || warnings_ == Warnings::silent) return;
  tell(context_,
       "rellama: warning: the answer is not kept: " + terminal::one_line(failure->what()) + "\n");
}

}  // namespace rellama::program

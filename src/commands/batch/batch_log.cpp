#include "commands/batch/batch_log.hpp"

#include <charconv>
#include <optional>
#include <string>
#include <utility>

#include "history/store.hpp"
#include "options/history_options.hpp"
#include "rellama/outcome.hpp"
#include "terminal/visible_text.hpp"

namespace rellama::program {
namespace {

class HistoryLog final : public batch::AnswerLog {
 public:
  HistoryLog(const std::filesystem::path& path, batch::Journal& journal, const Context& context)
      : store_(path, history::Database::Open::create), journal_(journal), context_(context) {
    const std::string text = journal_.find_note("conversation").value_or("0");
    std::from_chars(text.data(), text.data() + text.size(), conversation_);
    if (conversation_ != 0 && !store_.find(conversation_)) conversation_ = 0;  // it was deleted
  }

  // A failure to record it is not one of the answer.
  void add(const batch::RowOutcome& outcome, const std::string& prompt) override {
    try {
      if (store_.has_prediction(outcome.prediction.id.value)) return;
      record(outcome, prompt);
    } catch (const Error& error) {
      if (std::exchange(has_warned_, true)) return;
      tell(context_, "rellama: warning: answers are not recorded: " +
                         terminal::one_line(error.what()) + "\n");
    }
  }

 private:
  void record(const batch::RowOutcome& outcome, const std::string& prompt) {
    const Prediction& prediction = outcome.prediction;
    const auto now = batch::wall_time_now();
    constexpr double kMilliseconds = 1000;
    const history::TurnId id = store_.begin(
        {.conversation = conversation_,
         .name = {},
         .parent = 0,
         .prediction = prediction.id.value,
         .model = outcome.model,
         .model_options = "{\"model\":[\"" + outcome.model + "\"]}",
         .prompt = prompt,
         .asked_at = now - static_cast<batch::WallTime>(outcome.seconds * kMilliseconds)});
    const Output& output = prediction.output;
    const Usage usage = usage_of(prediction);
    store_.end(id,
               {.status = std::string(render_status(prediction.status)),
                .error = outcome.error ? outcome.error->what() : std::string(),
                .ended_at = now,
                .input_tokens = usage.input_tokens,
                .output_tokens = usage.output_tokens,
                .seconds = usage.seconds},
               output.json().empty() ? output.text() : output.json());
    if (conversation_ == id.conversation) return;
    conversation_ = id.conversation;
    journal_.note("conversation", std::to_string(conversation_));
  }

  history::Store store_;
  batch::Journal& journal_;
  const Context& context_;
  std::int64_t conversation_ = 0;
  bool has_warned_ = false;
};

}  // namespace

std::unique_ptr<batch::AnswerLog> open_batch_log(const BatchOptions& options,
                                                 batch::Journal& journal, const Context& context) {
  const auto path = find_history_path(context);
  if (!path || options.demo) return nullptr;
  return std::make_unique<HistoryLog>(*path, journal, context);
}

}  // namespace rellama::program

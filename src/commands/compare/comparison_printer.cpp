#include "commands/compare/comparison_printer.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "run/answer.hpp"
#include "terminal/columns.hpp"
#include "terminal/json_line.hpp"
#include "terminal/sequential_printer.hpp"
#include "terminal/table.hpp"

namespace rellama::program {
namespace {

using Json = nlohmann::ordered_json;
using terminal::OutputStream;

// The answers, then the table.
class TextPrinter final : public ComparisonPrinter {
 public:
  TextPrinter(OutputStream& out, const std::vector<ComparedRun>& runs,
              std::unique_ptr<terminal::ParallelPrinter> answers)
      : out_(out), runs_(runs), answers_(std::move(answers)) {}

  void status_changed(std::size_t run, Status status) override {
    answers_->status_changed(run, status);
  }
  void output(std::size_t run, std::string_view text) override { answers_->output(run, text); }
  void ended(std::size_t run, const RunResult& result) override {
    result.error ? answers_->fail(run, *result.error) : answers_->done(run, result.prediction);
  }
  void flush() override { answers_->flush(); }
  void make_room() override { answers_->make_room(); }
  void finish(const std::vector<RunResult>& results) override {
    answers_->finish();
    out_.print("\n" + render_comparison(runs_, results, terminal::table_width(out_)));
  }

 private:
  OutputStream& out_;
  const std::vector<ComparedRun>& runs_;
  std::unique_ptr<terminal::ParallelPrinter> answers_;
};

class JsonPrinter final : public ComparisonPrinter {
 public:
  JsonPrinter(OutputStream& out, const std::vector<ComparedRun>& runs, std::string prompt)
      : out_(out), runs_(runs), prompt_(std::move(prompt)) {}

  void ended(std::size_t /*run*/, const RunResult& /*result*/) override {}
  void finish(const std::vector<RunResult>& results) override {
    Json object{
        {"format", "rellama.comparison/1"}, {"prompt", prompt_}, {"results", Json::array()}};
    for (std::size_t i = 0; i < runs_.size(); ++i) {
      object["results"].push_back(result_json(runs_[i], results[i]));
    }
    out_.print(terminal::render_json_line(object, out_), terminal::TextForm::json);
  }

 private:
  OutputStream& out_;
  const std::vector<ComparedRun>& runs_;
  std::string prompt_;
};

class JsonlPrinter final : public ComparisonPrinter {
 public:
  JsonlPrinter(OutputStream& out, const std::vector<ComparedRun>& runs) : out_(out), runs_(runs) {}

  void ended(std::size_t run, const RunResult& result) override {
    Json object{{"format", "rellama.comparison.result/1"}, {"index", run}};
    object.update(result_json(runs_[run], result));
    out_.print(terminal::render_json_line(object, out_), terminal::TextForm::json);
  }
  void finish(const std::vector<RunResult>& /*results*/) override {}

 private:
  OutputStream& out_;
  const std::vector<ComparedRun>& runs_;
};

// Columns need a wide terminal that nothing else writes to.
bool has_columns(const OutputOptions& options, std::size_t runs, const Context& context) {
  const OutputStream& out = context.streams.out;
  return runs > 1 && terminal::can_redraw(out, context.environment) &&
         terminal::find_column_width(runs, out.columns()) &&
         (options.verbosity == 0 || !context.streams.err.is_terminal());
}

std::unique_ptr<terminal::ParallelPrinter> make_answers(const OutputOptions& options,
                                                        const std::vector<ComparedRun>& runs,
                                                        const Context& context) {
  OutputStream& out = context.streams.out;
  const bool bold =
      out.is_terminal() && terminal::use_color(options.color, out, context.environment);
  std::vector<std::string> headings;
  for (const ComparedRun& run : runs) headings.push_back(run.label);
  if (has_columns(options, runs.size(), context)) {
    const auto glyphs = terminal::has_utf8(context.environment) ? terminal::Glyphs::unicode
                                                                : terminal::Glyphs::ascii;
    return std::make_unique<terminal::Columns>(
        out, headings, terminal::ColumnStyle{.glyphs = glyphs, .bold = bold});
  }
  using Headings = terminal::SequentialPrinter::Headings;
  return std::make_unique<terminal::SequentialPrinter>(
      out, std::move(headings), bold ? Headings::bold : Headings::plain,
      [&options, &context] { return make_text_printer(options, context, context.streams.out); });
}

}  // namespace

std::unique_ptr<ComparisonPrinter> make_comparison_printer(const OutputOptions& options,
                                                           const std::vector<ComparedRun>& runs,
                                                           const std::string& prompt,
                                                           const Context& context) {
  OutputStream& out = context.streams.out;
  switch (options.format()) {
    case AnswerFormat::json: return std::make_unique<JsonPrinter>(out, runs, prompt);
    case AnswerFormat::jsonl: return std::make_unique<JsonlPrinter>(out, runs);
    case AnswerFormat::text: break;
  }
  return std::make_unique<TextPrinter>(out, runs, make_answers(options, runs, context));
}

}  // namespace rellama::program

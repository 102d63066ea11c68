#include "run/answer.hpp"

#include <memory>
#include <utility>

#include "run/log.hpp"
#include "run/outcome.hpp"
#include "run/report.hpp"
#include "run/saved_answer.hpp"
#include "run/usage_line.hpp"
#include "terminal/code_printer.hpp"
#include "terminal/markdown_printer.hpp"
#include "terminal/progress.hpp"
#include "terminal/sink_list.hpp"
#include "terminal/text_printer.hpp"

namespace rellama::program {
namespace {

terminal::Glyphs glyphs(const Context& context) {
  return terminal::has_utf8(context.environment) ? terminal::Glyphs::unicode
                                                 : terminal::Glyphs::ascii;
}

bool renders_markdown(const OutputOptions& options, const terminal::OutputStream& out,
                      const Context& context) {
  if (options.markdown != MarkdownMode::automatic) return options.markdown == MarkdownMode::always;
  return !options.raw && terminal::can_redraw(out, context.environment);
}

std::unique_ptr<terminal::Printer> make_markdown_printer(const OutputOptions& options,
                                                         const Context& context,
                                                         terminal::OutputStream& out) {
  const auto form = terminal::markdown_form(options.color, out, context.environment);
  const auto columns = [&out, width = options.width] { return width > 0 ? width : out.columns(); };
  return std::make_unique<terminal::MarkdownPrinter>(out, form, columns);
}

std::unique_ptr<terminal::Printer> make_printer(const OutputOptions& options,
                                                terminal::Prompt question, const Context& context,
                                                terminal::OutputStream& out) {
  switch (options.format()) {
    case AnswerFormat::json:
      return std::make_unique<terminal::JsonPrinter>(out, std::move(question));
    case AnswerFormat::jsonl:
      return std::make_unique<terminal::JsonlPrinter>(out, std::move(question));
    case AnswerFormat::text: break;
  }
  if (options.extract) return std::make_unique<terminal::CodePrinter>(out);
  if (renders_markdown(options, out, context)) return make_markdown_printer(options, context, out);
  const auto mode = options.raw ? terminal::VisibleMode::raw : terminal::VisibleMode::on_terminal;
  return std::make_unique<terminal::TextPrinter>(out, mode);
}

std::unique_ptr<terminal::Progress> make_progress(const OutputOptions& options,
                                                  const Context& context) {
  terminal::OutputStream& err = context.streams.err;
  if (options.quiet || options.verbosity > 0) return nullptr;
  if (!terminal::can_redraw(err, context.environment)) return nullptr;
  return std::make_unique<terminal::Progress>(err,
                                              context.streams.out.is_terminal() && !options.saves
                                                  ? terminal::AnswerPlace::same_terminal
                                                  : terminal::AnswerPlace::elsewhere,
                                              glyphs(context));
}

// A block of code was asked for, and there was none.
void check_extracted(const Prediction& prediction) {
  if (prediction.status != Status::succeeded || terminal::has_code(prediction.output.text())) {
    return;
  }
  throw Error(ErrorKind::internal, {.failed = "there is nothing to extract",
                                    .why = "the answer has no block of code between fences",
                                    .remedy = "ask for one, or leave out --extract",
                                    .prediction_id = prediction.id.value});
}

// What becomes of a run that came to its end, seen from a shell.
int conclude(const Prediction& prediction, const Context& context, const OutputOptions& options) {
  if (const auto error = find_failure(prediction)) {
    const bool color = terminal::use_color(options.color, context.streams.err, context.environment);
    return report(*error, context, color);
  }
  if (options.quiet) return 0;
  if (const auto limit = limit_reached(prediction)) {
    tell(context, "rellama: the answer ended at its limit of " + std::to_string(*limit) +
                      " tokens and may not be whole; allow more with --max-new-tokens\n");
  }
  if (options.usage) tell(context, render_usage(prediction));
  return 0;
}

}  // namespace

AnswerPrinter::AnswerPrinter(const OutputOptions& options, const Context& context, ApiToken token,
                             ClientOptions client)
    : options_(options),
      context_(context),
      token_(std::move(token)),
      client_options_(std::move(client)) {
  client_options_.log = [this](LogLevel level, std::string_view line) { log_(level, line); };
}

// Made when it is first used: options that it refuses are an error of that answer.
Client& AnswerPrinter::client() {
  if (!client_) client_.emplace(token_, client_options_);
  return *client_;
}

int AnswerPrinter::print(terminal::Prompt question, const BringHome& bring_home,
                         const StopToken& stop) {
  std::optional<SavedAnswer> saved;
  if (options_.saves) saved.emplace(options_, context_);
  const auto progress = make_progress(options_, context_);
  log_ = make_log(options_, context_, progress.get());
  if (!log_) log_ = [](LogLevel, std::string_view) {};
  auto printer = make_printer(options_, std::move(question), context_,
                              saved ? saved->out() : context_.streams.out);
  if (saved) printer = saved->wrap(std::move(printer));
  terminal::SinkList sinks;
  if (progress) sinks.add(*progress);
  sinks.add(*printer);
  try {
    const Prediction prediction = bring_home(client(), sinks, log_);
    if (options_.extract) check_extracted(prediction);
    if (saved) saved->finish(client(), prediction, stop);
    return conclude(prediction, context_, options_);
  } catch (const Error& error) {
    if (progress) progress->stop();
    printer->fail(error);
    if (saved) saved->keep_part();
    throw;
  }
}

int print_answer(const OutputOptions& options, terminal::Prompt question, const ApiToken& token,
                 ClientOptions client_options, const Context& context, const BringHome& bring_home,
                 const StopToken& stop) {
  return AnswerPrinter(options, context, token, std::move(client_options))
      .print(std::move(question), bring_home, stop);
}

}  // namespace rellama::program

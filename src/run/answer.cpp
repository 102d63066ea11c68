#include "run/answer.hpp"

#include <memory>
#include <optional>
#include <system_error>
#include <utility>
#include <variant>

#include "rellama/outcome.hpp"
#include "run/log.hpp"
#include "run/report.hpp"
#include "run/saved_answer.hpp"
#include "run/usage_line.hpp"
#include "terminal/code_printer.hpp"
#include "terminal/markdown_printer.hpp"
#include "terminal/progress.hpp"
#include "terminal/sink_list.hpp"
#include "terminal/text_printer.hpp"
#include "wire/counted.hpp"

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
                                                terminal::Prompt prompt, const Context& context,
                                                terminal::OutputStream& out) {
  switch (options.format()) {
    case AnswerFormat::json: return std::make_unique<terminal::JsonPrinter>(out, std::move(prompt));
    case AnswerFormat::jsonl:
      return std::make_unique<terminal::JsonlPrinter>(out, std::move(prompt));
    case AnswerFormat::text: break;
  }
  return make_text_printer(options, context, out);
}

std::unique_ptr<terminal::Progress> make_progress(const OutputOptions& options,
                                                  const Context& context) {
  terminal::OutputStream& err = context.streams.err;
  if (options.quiet || options.verbosity > 0) return nullptr;
  if (!terminal::can_redraw(err, context.environment)) return nullptr;
  const auto place = context.streams.out.is_terminal() && !options.saves
                         ? terminal::AnswerPlace::same_terminal
                         : terminal::AnswerPlace::elsewhere;
  try {
    return std::make_unique<terminal::Progress>(err, place, glyphs(context));
  } catch (const std::system_error&) {
    return nullptr;  // no thread to draw it: the answer matters more
  }
}

// --extract needs a code block in the answer.
void check_extracted(const Prediction& prediction) {
  if (prediction.status != Status::succeeded || terminal::has_code(prediction.output.text())) {
    return;
  }
  throw Error(ErrorKind::internal, {.failed = "nothing to extract",
                                    .why = "the answer has no fenced code block",
                                    .remedy = "ask for one, or leave out --extract",
                                    .prediction_id = prediction.id.value});
}

// Reports the outcome of a finished run and returns the exit code.
int conclude(const Prediction& prediction, const Context& context, const OutputOptions& options) {
  if (const auto error = find_failure(prediction)) {
    const bool color = terminal::use_color(options.color, context.streams.err, context.environment);
    return report(*error, context, color);
  }
  if (options.quiet) return 0;
  if (const auto limit = find_token_limit_reached(prediction)) {
    tell(context, "rellama: the answer stopped at its limit of " + wire::counted(*limit, "token") +
                      " and may be cut short; raise it with --max-new-tokens\n");
  }
  if (options.usage) tell(context, render_usage(prediction));
  return 0;
}

// What becomes of a prediction whose run is stopped.
enum class WhenStopped { canceled, goes_on };

// The one place where the sinks of an answer are composed.
int show(const AnswerPath& path, terminal::Prompt prompt, TurnSink* recorded, const Follow& run,
         const StopToken& stop, EventSink* observer, WhenStopped when_stopped) {
  std::optional<SavedAnswer> saved;
  if (path.output.saves) saved.emplace(path.output, path.context);
  const auto progress = make_progress(path.output, path.context);
  const LogRelay::Scope logging(path.log, make_log(path.output, path.context, progress.get()));
  auto printer = make_printer(path.output, std::move(prompt), path.context,
                              saved ? saved->out() : path.context.streams.out);
  if (saved) printer = saved->wrap(std::move(printer));

  terminal::SinkList sinks;            // each event reaches them in this order
  if (observer) sinks.add(*observer);  // keeps what arrives even if printing it fails
  if (progress) sinks.add(*progress);  // clears its line before text is printed
  sinks.add(*printer);                 // stdout, or the file of -O
  if (recorded) sinks.add(*recorded);  // the history has only what was shown

  try {
    const Prediction prediction = run(sinks);
    if (recorded) recorded->end(prediction);
    if (path.output.extract) check_extracted(prediction);
    if (saved) saved->finish(path.backend, prediction, stop);
    return conclude(prediction, path.context, path.output);
  } catch (const Error& error) {
    if (recorded) recorded->end(error);
    if (progress) progress->stop();
    if (when_stopped == WhenStopped::canceled && stop.reason()) {
      printer->status_changed(Status::canceled);
    }
    printer->fail(error);
    if (saved) saved->keep_part();
    throw;
  }
}

}  // namespace

terminal::Prompt prompt_of(const GenerateRequest& request, const Backend& backend) {
  terminal::Prompt prompt{.model = {}, .prompt = request.prompt};
  if (!backend.has_models()) return prompt;
  const auto* version = std::get_if<ModelVersion>(&request.model);
  if (version == nullptr) {
    prompt.model = render_model_ref(request.model);
  } else if (version->model) {
    prompt.model = render_model_ref(*version->model);
  }
  return prompt;
}

std::unique_ptr<terminal::Printer> make_text_printer(const OutputOptions& options,
                                                     const Context& context,
                                                     terminal::OutputStream& out) {
  if (options.extract) return std::make_unique<terminal::CodePrinter>(out);
  if (renders_markdown(options, out, context)) return make_markdown_printer(options, context, out);
  const auto mode = options.raw ? terminal::VisibleMode::raw : terminal::VisibleMode::on_terminal;
  return std::make_unique<terminal::TextPrinter>(out, mode);
}

void show_text(std::string_view text, const OutputOptions& options, const Context& context) {
  Prediction prediction;
  prediction.status = Status::succeeded;
  const auto printer = make_text_printer(options, context, context.streams.out);
  printer->output(text);
  printer->done(prediction);
}

int ask_and_show(const AnswerPath& path, const GenerateRequest& request, history::NewTurn turn,
                 const StopToken& stop, EventSink* observer) {
  const auto recorded = path.recording.start(std::move(turn));
  return show(
      path, prompt_of(request, path.backend), recorded.get(),
      [&](EventSink& sink) { return path.backend.ask(request, sink, stop); }, stop, observer,
      WhenStopped::canceled);
}

int follow_and_show(const AnswerPath& path, terminal::Prompt prompt, const Follow& follow,
                    const StopToken& stop) {
  return show(path, std::move(prompt), nullptr, follow, stop, nullptr, WhenStopped::goes_on);
}

}  // namespace rellama::program

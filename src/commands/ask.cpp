// `rellama "prompt"`: from the command line to one request, and from its events to the streams.

#include "commands/ask.hpp"

#include <memory>
#include <optional>
#include <utility>

#include "commands/ask_options.hpp"
#include "commands/assignment.hpp"
#include "commands/dry_run.hpp"
#include "commands/parser.hpp"
#include "commands/program.hpp"
#include "commands/signal_watcher.hpp"
#include "commands/usage_line.hpp"
#include "emulator/emulator.hpp"
#include "prompt/build.hpp"
#include "rellama/error.hpp"
#include "rellama/generate.hpp"
#include "settings/duration.hpp"
#include "terminal/json_printer.hpp"
#include "terminal/logging.hpp"
#include "terminal/progress.hpp"
#include "terminal/sink_list.hpp"
#include "terminal/text_printer.hpp"
#include "terminal/visible_text.hpp"

namespace rellama::commands {
namespace {

// A pace at which one can watch the canned answer come, where somebody watches.
constexpr double kDemoTokensPerSecond = 60;

std::string text_or_file(const std::string& argument) {
  return argument.starts_with('@') ? read_text_file(argument.substr(1)) : argument;
}

StopSource make_stop_source(const AskOptions& options) {
  if (options.timeout.empty()) return StopSource();
  return StopSource(std::chrono::steady_clock::now() + settings::parse_duration(options.timeout));
}

GenerateRequest make_request(const AskOptions& options, bool has_system, const Context& context,
                             const StopToken& stop) {
  GenerateRequest request;
  request.model = parse_model_ref(options.model);
  request.parameters = options.parameters;
  if (has_system) request.parameters.system_prompt = text_or_file(options.system);
  const prompt::Build& build = prompt::find_build(request.model);
  for (const std::string& assignment : options.assignments) {
    request.parameters.others.push_back(parse_assignment(build, assignment));
  }
  request.delivery = options.no_stream ? Delivery::poll : Delivery::stream;
  PromptSources sources = options.prompt;
  sources.use_stdin = !options.no_stdin;
  request.prompt = read_prompt(sources, context.streams.in, stop);
  return request;
}

std::unique_ptr<terminal::Printer> make_printer(const AskOptions& options,
                                                const GenerateRequest& request,
                                                terminal::OutputStream& out) {
  terminal::Question question{.model = {}, .prompt = request.prompt};
  if (const auto* version = std::get_if<ModelVersion>(&request.model)) {
    if (version->model) question.model = render_model_ref(*version->model);
  } else {
    question.model = render_model_ref(request.model);
  }
  switch (options.format()) {
    case AnswerFormat::json:
      return std::make_unique<terminal::JsonPrinter>(out, std::move(question));
    case AnswerFormat::jsonl:
      return std::make_unique<terminal::JsonlPrinter>(out, std::move(question));
    case AnswerFormat::text: break;
  }
  const auto mode = options.raw ? terminal::VisibleMode::raw : terminal::VisibleMode::on_terminal;
  return std::make_unique<terminal::TextPrinter>(out, mode);
}

std::unique_ptr<terminal::Progress> make_progress(const AskOptions& options,
                                                  const Context& context) {
  terminal::OutputStream& err = context.streams.err;
  if (options.quiet || options.verbosity > 0) return nullptr;
  if (!terminal::can_redraw(err, context.environment)) return nullptr;
  return std::make_unique<terminal::Progress>(
      err,
      context.streams.out.is_terminal() ? terminal::AnswerPlace::same_terminal
                                        : terminal::AnswerPlace::elsewhere,
      terminal::has_utf8(context.environment) ? terminal::Glyphs::unicode
                                              : terminal::Glyphs::ascii);
}

// What the user asked to have logged, and the warnings in any case.
LogFunction make_log(const AskOptions& options, const Context& context,
                     terminal::Progress* progress) {
  terminal::LogOptions log;
  if (options.verbosity > 0) {
    log.verbosity = options.verbosity == 1 ? terminal::Verbosity::info : terminal::Verbosity::debug;
  }
  if (!options.log_file.empty()) log.file = options.log_file;
  LogFunction chosen = terminal::make_log(log, context.streams.err);
  if (options.quiet || options.verbosity > 0) return chosen;
  return [chosen, progress, context](LogLevel level, std::string_view line) {
    if (chosen) chosen(level, line);
    if (level != LogLevel::warning) return;
    const std::string warning = "rellama: " + terminal::one_line(line) + "\n";
    progress != nullptr ? progress->print_above(warning) : tell(context, warning);
  };
}

// The emulator in this very process, its address in place of Replicate's.
std::unique_ptr<emulator::Emulator> start_demo(const AskOptions& options, const Context& context,
                                               ClientOptions& client) {
  emulator::EmulatorOptions emulation;
  if (context.streams.out.is_terminal()) emulation.token_rate = kDemoTokensPerSecond;
  auto demo = std::make_unique<emulator::Emulator>(emulation);
  demo->start();
  client.base_url = demo->base_url();
  if (!options.quiet) {
    tell(context,
         "rellama: demo: the built-in emulator gives a canned answer; no model was asked\n");
  }
  return demo;
}

ApiToken require_token(const AskOptions& options, const Context& context) {
  if (options.demo) return ApiToken("demo");
  if (auto source = find_token(options.connection, context)) return std::move(source->token);
  throw settings::missing_token();
}

// What becomes of a run that came to its end, seen from a shell.
int conclude(const Prediction& prediction, const Context& context, const AskOptions& options) {
  const bool color = terminal::use_color(options.color, context.streams.err, context.environment);
  switch (prediction.status) {
    case Status::succeeded:
      if (options.usage && !options.quiet) {
        tell(context, render_usage(prediction));
      }
      return 0;
    case Status::failed: {
      const Error error(ErrorKind::prediction_failed,
                        {.failed = "the model failed",
                         .why = prediction.error.empty() ? "it did not say why" : prediction.error,
                         .remedy = "see https://replicate.com/p/" + prediction.id.value,
                         .prediction_id = prediction.id.value});
      return report(error, context, color);
    }
    default: {
      const Error error(
          ErrorKind::canceled,
          {.failed = "the prediction was " + std::string(render_status(prediction.status)) +
                     " by somebody else or by its own deadline",
           .remedy = "ask again if you still want the answer",
           .prediction_id = prediction.id.value});
      return report(error, context, color);
    }
  }
}

int dry_run(const AskOptions& options, const GenerateRequest& request, const Context& context) {
  const ClientOptions client = client_options(options.connection, context);
  const PreparedRequest prepared = prepare_generate(client, request);
  context.streams.out.write(options.dry_run == DryRun::json ? render_request_json(prepared)
                                                            : render_curl(prepared, client));
  return 0;
}

int ask(const AskOptions& options, const GenerateRequest& request, const StopToken& stop,
        const Context& context) {
  ClientOptions client_settings = client_options(options.connection, context);
  const ApiToken token = require_token(options, context);
  const auto demo = options.demo ? start_demo(options, context, client_settings) : nullptr;
  const auto progress = make_progress(options, context);
  client_settings.log = make_log(options, context, progress.get());
  const auto printer = make_printer(options, request, context.streams.out);
  terminal::SinkList sinks;
  if (progress) sinks.add(*progress);
  sinks.add(*printer);
  try {
    Client client(token, std::move(client_settings));
    return conclude(generate(client, request, sinks, stop), context, options);
  } catch (const Error& error) {
    if (progress) progress->stop();
    printer->fail(error);
    throw;
  }
}

}  // namespace

int run_ask(const Arguments& arguments, const Context& context) {
  AskOptions options;
  CLI::App app("Ask Llama 2, hosted by Replicate, and print its whole answer.");
  prepare(app, "rellama");
  declare(app, options);
  app.footer(render_footer());
  if (!parse_with_words(app, arguments, options.prompt.words, context)) return 0;

  PromptSources sources = options.prompt;
  sources.use_stdin = !options.no_stdin;
  if (sources.empty(context.streams.in)) {
    tell(context, render_short_help());
    return traits(ErrorKind::invalid_input).exit_code;
  }
  const StopSource stop = make_stop_source(options);
  const SignalWatcher watcher(stop);
  const GenerateRequest request =
      make_request(options, app.count("--system") > 0, context, stop.token());
  if (options.dry_run != DryRun::off) return dry_run(options, request, context);
  check_generate(request);  // before anything is asked of the token, the network or the user
  return ask(options, request, stop.token(), context);
}

}  // namespace rellama::commands

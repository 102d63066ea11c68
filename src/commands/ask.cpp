// `rellama "prompt"`: from the command line to one request, and from its events to the streams.

#include "commands/ask.hpp"

#include <CLI/CLI.hpp>
#include <memory>
#include <utility>

#include "manual/help.hpp"
#include "options/ask_options.hpp"
#include "options/option_settings.hpp"
#include "options/parser.hpp"
#include "options/saved_options.hpp"
#include "rellama/error.hpp"
#include "rellama/generate.hpp"
#include "run/answer.hpp"
#include "run/deadline.hpp"
#include "run/demo.hpp"
#include "run/dry_run.hpp"
#include "run/log.hpp"
#include "run/recording.hpp"
#include "run/report.hpp"
#include "run/saved_answer.hpp"
#include "run/signal_watcher.hpp"
#include "terminal/json_printer.hpp"

namespace rellama::program {
namespace {

// How long cancelling may take.
constexpr std::chrono::seconds kCancelTime{2};

// What was asked, in the user's own words.
terminal::Prompt question_of(const GenerateRequest& request) {
  terminal::Prompt question{.model = {}, .prompt = request.prompt};
  if (const auto* version = std::get_if<ModelVersion>(&request.model)) {
    if (version->model) question.model = render_model_ref(*version->model);
  } else {
    question.model = render_model_ref(request.model);
  }
  return question;
}

// What a run in the user's own container cannot have.
void check_container(const AskOptions& options, bool names_model) {
  if (names_model) refuse_with_container("--model", "a container runs the one model that is in it");
  if (options.detach) refuse_with_container("--detach", "a run ends with its request");
  if (options.demo) refuse_with_container("--demo", "the built-in emulator is asked");
  if (!options.cancel_after.empty())
    refuse_with_container("--cancel-after", "only Replicate knows it");
}

// What the history is to know of the prompt.
history::NewTurn new_turn(const AskOptions& options, const GenerateRequest& request,
                          const std::optional<Continuation>& continuation, bool in_container) {
  history::NewTurn turn;
  if (continuation) {
    turn.conversation = continuation->conversation;
    turn.name = continuation->name;
    turn.parent = continuation->parent;
  }
  const std::string& endpoint = options.connection.endpoint;
  turn.model = in_container ? endpoint : render_model_ref(request.model);
  turn.model_options = render_kept_options(options.model, request, endpoint);
  turn.prompt = request.prompt;
  return turn;
}

Recording make_recording(const AskOptions& options, const Context& context) {
  return Recording(!options.history.no_log && !options.demo,
                   options.output.quiet ? Recording::Warnings::silent : Recording::Warnings::told,
                   context);
}

int ask_container(const AskOptions& options, CogOptions container, const GenerateRequest& request,
                  history::NewTurn turn, const StopToken& stop, const Context& context) {
  if (options.dry_run != DryRun::off) {
    const PreparedRequest prepared = prepare_generate(container, request);
    ClientOptions client;
    client.ca_file = container.ca_file;
    client.proxy = container.proxy;
    context.streams.out.write(options.dry_run == DryRun::json
                                  ? render_request_json(prepared, Authorization::none)
                                  : render_curl(prepared, client, Authorization::none));
    return 0;
  }
  check_saving(options.output);
  const auto bring_home = [&](Client& /*of_files*/, EventSink& sink, const LogFunction& log) {
    container.log = log;
    CogClient client(std::move(container));
    return generate(client, request, sink, stop);
  };
  Recording recording = make_recording(options, context);
  // The client of Replicate is for files only; a container puts them into its answer.
  return print_answer(options.output, {.model = {}, .prompt = request.prompt}, ApiToken("none"), {},
                      context, recording.keep(std::move(turn), bring_home), stop);
}

int ask(const AskOptions& options, const GenerateRequest& request, history::NewTurn turn,
        const StopToken& stop, const Context& context) {
  ClientOptions client = client_options(options.connection, context);
  const ApiToken token = token_for(options, context);
  const auto demo = options.demo ? start_demo(options.output.quiet, context, client) : nullptr;
  const auto bring_home = [&](Client& with, EventSink& sink, const LogFunction& /*log*/) {
    return generate(with, request, sink, stop);
  };
  Recording recording = make_recording(options, context);
  return print_answer(options.output, question_of(request), token, std::move(client), context,
                      recording.keep(std::move(turn), bring_home), stop);
}

// Prints what names a prediction that goes on running, in the form asked for.
void print_started(const Prediction& prediction, const OutputOptions& options,
                   terminal::Prompt question, terminal::OutputStream& out) {
  switch (options.format()) {
    case AnswerFormat::text: out.write(prediction.id.value + "\n"); break;
    case AnswerFormat::json:
      terminal::JsonPrinter(out, std::move(question)).done(prediction);
      break;
    case AnswerFormat::jsonl: {
      terminal::JsonlPrinter printer(out, std::move(question));
      printer.created(prediction);
      printer.flush();
    }
  }
}

int detach(const AskOptions& options, const GenerateRequest& request, history::NewTurn turn,
           const StopToken& stop, const Context& context) {
  ClientOptions settings = client_options(options.connection, context);
  const ApiToken token = token_for(options, context);
  settings.log = make_log(options.output, context);
  Client client(token, std::move(settings));
  const Prediction prediction = submit(client, request, stop);
  try {
    print_started(prediction, options.output, question_of(request), context.streams.out);
  } catch (const Error&) {
    // Nobody would ever know its id, and it would be billed.
    const StopSource limit(std::chrono::steady_clock::now() + kCancelTime);
    client.cancel(prediction, limit.token());
    throw;
  }
  make_recording(options, context).keep_started(std::move(turn), prediction);
  if (!options.output.quiet) {
    tell(context, "rellama: it is running; its answer: rellama predictions stream " +
                      prediction.id.value + "\n");
  }
  return 0;
}

// Asks with what was written, where it was to be.
int ask_as_written(const AskOptions& options, const std::optional<Continuation>& continuation,
                   const Context& context) {
  const StopSource stop = stop_after(options.timeout);
  const SignalWatcher watcher(stop);
  GenerateRequest request = make_request(options, context, stop.token());
  if (continuation) {
    request.earlier = continuation->earlier();
    request.conversation = true;
  }
  auto container = find_container(options.connection, context);
  history::NewTurn turn = new_turn(options, request, continuation, container.has_value());
  if (container) {
    return ask_container(options, *std::move(container), request, std::move(turn), stop.token(),
                         context);
  }
  request.cancel_after = cancel_after(options, options.detach ? "" : options.timeout, context);
  if (options.dry_run != DryRun::off) {
    context.streams.out.write(render_dry_run(options, request, context));
    return 0;
  }
  check_saving(options.output);
  check_generate(request);  // before anything is asked of the token, the network or the user
  if (options.detach) return detach(options, request, std::move(turn), stop.token(), context);
  return ask(options, request, std::move(turn), stop.token(), context);
}

// What would refuse the request whatever is written is told before somebody has written it.
void check_beforehand(const AskOptions& options, const Context& context) {
  GenerateRequest request = make_request(options.model, context);
  request.prompt = "?";
  if (const auto container = find_container(options.connection, context)) {
    (void)prepare_generate(*container, request);
  } else {
    check_generate(request);
    (void)client_options(options.connection, context);
  }
  check_saving(options.output);
}

}  // namespace

int ask_with(AskOptions options, const std::optional<Continuation>& continuation,
             const Context& context) {
  if (!options.question.editor) return ask_as_written(options, continuation, context);
  check_beforehand(options, context);
  write_question(options.question, context);
  try {
    return ask_as_written(options, continuation, context);
  } catch (const Error& error) {
    keep_question(options.question, error, context);
    throw;
  }
}

int run_ask(const Arguments& arguments, const Context& context) {
  AskOptions options;
  CLI::App app("Ask Llama 2, hosted by Replicate, and print its whole answer.");
  prepare(app, "rellama");
  declare(app, options);
  app.footer(render_help_footer(context.commands));
  if (!parse_with_words(app, arguments, options.question.sources.words, context, Settings::leave)) {
    return 0;
  }
  const bool names_model = app.count("--model") > 0;  // one from elsewhere is for Replicate only
  const auto continuation = find_continuation(options.history, context);
  if (continuation) apply_kept_options(app, continuation->model_options);
  apply_settings(app, context);

  if (options.question.empty(context.streams.in)) {
    tell(context, render_short_help());
    return traits(ErrorKind::invalid_input).exit_code;
  }
  if (find_container(options.connection, context)) check_container(options, names_model);
  return ask_with(std::move(options), continuation, context);
}

}  // namespace rellama::program

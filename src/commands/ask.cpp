// `rellama "prompt"`: turns the command line into one request and prints the answer.

#include "commands/ask.hpp"

#include <CLI/CLI.hpp>
#include <chrono>
#include <utility>

#include "manual/help.hpp"
#include "options/parser.hpp"
#include "options/saved_options.hpp"
#include "rellama/error.hpp"
#include "rellama/generate.hpp"
#include "run/answer.hpp"
#include "run/backend.hpp"
#include "run/deadline.hpp"
#include "run/demo.hpp"
#include "run/log.hpp"
#include "run/prompt_text.hpp"
#include "run/recording.hpp"
#include "run/request.hpp"
#include "run/saved_answer.hpp"
#include "run/signal_watcher.hpp"
#include "system/heap.hpp"
#include "terminal/json_printer.hpp"

namespace rellama::program {
namespace {

constexpr std::chrono::seconds kCancelTimeout{2};

void check_container(const AskOptions& options, bool names_model) {
  if (names_model) refuse_with_container("--model", "a container runs only its own model");
  if (options.detach) refuse_with_container("--detach", "a run ends with its request");
  if (options.demo) refuse_with_container("--demo", "the demo uses the built-in emulator");
  if (!options.cancel_after.empty())
    refuse_with_container("--cancel-after", "only Replicate supports it");
}

// What the history records of the prompt.
history::NewTurn new_turn(const AskOptions& options, const GenerateRequest& request,
                          const std::optional<Continuation>& continuation, const Backend& backend,
                          const std::vector<std::string>& secrets) {
  history::NewTurn turn;
  if (continuation) {
    turn.conversation = continuation->conversation;
    turn.name = continuation->name;
    turn.parent = continuation->parent;
  }
  const std::string& endpoint = options.connection.endpoint;
  turn.model = backend.has_models() ? render_model_ref(request.model) : endpoint;
  turn.model_options = render_saved_options(options.model, request, endpoint, secrets);
  turn.prompt = request.prompt;
  return turn;
}

void print_started(const Prediction& prediction, const OutputOptions& options,
                   terminal::Prompt prompt, terminal::OutputStream& out) {
  switch (options.format()) {
    case AnswerFormat::text: out.print(prediction.id.value + "\n"); break;
    case AnswerFormat::json: terminal::JsonPrinter(out, std::move(prompt)).done(prediction); break;
    case AnswerFormat::jsonl: {
      terminal::JsonlPrinter printer(out, std::move(prompt));
      printer.created(prediction);
      printer.flush();
    }
  }
}

int detach(const AskOptions& options, const GenerateRequest& request,
           const std::optional<Continuation>& continuation, const Backend& backend,
           const StopToken& stop, const Context& context) {
  HostedAccess access = open_hosted(options.connection, /*demo=*/false, context);
  access.client.log = make_log(options.output, context);
  Client client(access.token(), std::move(access.client));
  const auto secrets = find_secret_inputs(client, request, stop);
  const Prediction prediction = submit(client, request, stop);
  try {
    print_started(prediction, options.output, prompt_of(request, backend), context.streams.out);
  } catch (const Error&) {
    // Nobody would learn its ID, and it would be billed.
    const StopSource limit(std::chrono::steady_clock::now() + kCancelTimeout);
    client.cancel(prediction, limit.token());
    throw;
  }
  open_recording(options.history, options.output, options.demo, context)
      .record_detached(new_turn(options, request, continuation, backend, secrets), prediction);
  if (!options.output.quiet) {
    tell(context, "rellama: started; get the answer with: rellama predictions stream " +
                      prediction.id.value + "\n");
  }
  return 0;
}

// Asks once the options and the draft, if any, are final.
int ask(const AskOptions& options, const std::optional<Continuation>& continuation,
        const Context& outer) {
  const StopSource stop = stop_after(options.timeout);
  const Context context = stopped_by(outer, stop.token());
  // Before any other thread. With -O, nothing is written to standard output.
  const SignalWatcher watcher(
      stop, context.streams,
      options.output.saves ? LostReader::changes_nothing : LostReader::stops_run);
  // A dry run shows the request as it would go to the real server.
  const bool demo = options.demo && options.dry_run == DryRun::off;
  const OpenBackend open = open_backend(options.connection, demo, context);
  Backend& backend = *open.backend;

  GenerateRequest request = make_request(options, context, stop.token());
  if (continuation) {
    request.earlier = continuation->earlier();
    request.conversation = true;
  }
  if (backend.has_models()) {
    request.cancel_after = cancel_after(options, options.detach ? "" : options.timeout, context);
  }
  const PreparedRequest prepared = backend.prepare(request);  // rejects what cannot be sent
  if (options.dry_run != DryRun::off) {
    context.streams.out.print(render_dry_run(options, prepared, context),
                              terminal::TextForm::json);  // also within the curl command
    return 0;
  }
  check_saving(options.output);
  if (options.detach) {
    return detach(options, request, continuation, backend, stop.token(), context);
  }

  backend.authenticate();
  if (open.demo && !options.output.quiet) tell_demo(context);
  Recording recording = open_recording(options.history, options.output, options.demo, context);
  const auto secrets = backend.find_secrets(request, stop.token());
  return ask_and_show({options.output, backend, *open.log, recording, context}, request,
                      new_turn(options, request, continuation, backend, secrets), stop.token());
}

// Rejects unusable options before the user writes a prompt in the editor.
void check_before_editing(const AskOptions& options, const Context& outer) {
  const Context context = stopped_by(outer, stop_after(options.timeout).token());
  GenerateRequest request = make_request(options.model, context);
  request.prompt = "?";
  (void)open_backend(options.connection, /*demo=*/false, context).backend->prepare(request);
  check_saving(options.output);
}

}  // namespace

int ask_with(AskOptions options, const std::optional<Continuation>& continuation,
             const Context& context) {
  read_piped(options.model, options.prompt, options.timeout, context);
  if (!options.prompt.editor) return ask(options, continuation, context);
  check_before_editing(options, context);
  edit_prompt(options.prompt, options.timeout, context);
  try {
    return ask(options, continuation, context);
  } catch (const Error& error) {
    save_draft(options.prompt, error, context);
    throw;
  }
}

int run_ask(const Arguments& arguments, const Context& context) {
  system::keep_one_heap();
  AskOptions options;
  CLI::App app("Ask Llama 2 on Replicate and print the answer.");
  prepare(app, "rellama");
  declare(app, options);
  app.footer(render_help_footer(context.commands));
  if (!parse_with_words(app, arguments, options.prompt.sources.words, context, Settings::leave)) {
    return 0;
  }
  const bool names_model = app.count("--model") > 0;  // a model set elsewhere is for Replicate
  const auto continuation = resume_options(app, options.history, context);

  if (options.prompt.empty(context.streams.in) && options.model.assignments.empty()) {
    tell(context, render_short_help());
    return traits(ErrorKind::invalid_input).exit_code;
  }
  if (find_container(options.connection, context)) check_container(options, names_model);
  return ask_with(std::move(options), continuation, context);
}

}  // namespace rellama::program

// `rellama chat`: who types, who answers, and what becomes of Ctrl-C.

#include "commands/chat/chat.hpp"

#include <unistd.h>
#include <CLI/CLI.hpp>

#include <memory>
#include <utility>

#include "commands/chat/chat_options.hpp"
#include "commands/chat/completion.hpp"
#include "commands/chat/session.hpp"
#include "options/option_settings.hpp"
#include "options/parser.hpp"
#include "options/prompt_input.hpp"
#include "options/saved_options.hpp"
#include "rellama/error.hpp"
#include "run/backend.hpp"
#include "run/demo.hpp"
#include "run/model_cache.hpp"
#include "settings/directories.hpp"
#include "terminal/line_editor.hpp"
#include "terminal/piped_lines.hpp"

namespace rellama::program {
namespace {

std::optional<terminal::InputHistory> find_input_history(const Context& context) {
  const auto state = settings::find_directories(context.environment).state;
  if (!state) return std::nullopt;
  return terminal::InputHistory(*state / "chat_input.jsonl");
}

// A person's line is read from the terminal and shown where the answers are.
std::unique_ptr<terminal::LineSource> open_lines(const GenerateRequest& request,
                                                 const Context& context) {
  const terminal::Streams& streams = context.streams;
  if (!streams.in.is_terminal()) return std::make_unique<terminal::PipedLines>(streams.in);
  const int out = streams.out.is_terminal() ? STDOUT_FILENO : STDERR_FILENO;
  return std::make_unique<terminal::LineEditor>(STDIN_FILENO, out, find_input_history(context),
                                                chat_completer(request.catalogue));
}

void greet(const ChatOptions& options, const std::string& name, const Context& context) {
  if (!context.streams.in.is_terminal() || options.output.quiet) return;
  tell(context,
       "rellama: you talk with " + name + "; /help lists what else you can do, Ctrl-D leaves\n");
}

// What a conversation with the model in a container cannot have.
void check_container(const ChatOptions& options, bool names_model) {
  if (names_model) refuse_with_container("--model", "a container runs the one model that is in it");
  if (options.demo) refuse_with_container("--demo", "the built-in emulator answers");
}

// What a session begins with: nothing, if it is not given as words. A template that needs some
// input then lends its settings only.
std::string first_message(QuestionOptions question, const Context& context) {
  question.sources.no_stdin = true;  // it brings the messages
  if (question.sources.words.empty() && question.prompt_template.parameters.empty()) {
    const auto prompt_template = find_template(question.prompt_template, context);
    if (!prompt_template || input_use(*prompt_template) == InputUse::required) return {};
  }
  return read_question(question, context, {});
}

// A container asks for no token, and the demo takes any.
ApiToken token_for(const ChatOptions& options, const Answerer& answerer, const Context& context) {
  if (options.demo || !answerer.has_models()) return ApiToken("none");
  return require_token(options.connection, context);
}

}  // namespace

int run_chat(const Arguments& arguments, const Context& context) {
  ChatOptions options;
  CLI::App app("Hold a conversation: the model is told what was said before.");
  prepare(app, "rellama chat");
  declare(app, options);
  app.footer(
      "At the prompt, /help lists the commands. A script gives messages and commands on standard\n"
      "input, one a line: printf '%s\\n' 'My name is Ann.' 'What is my name?' | rellama chat\n");
  if (!parse_with_words(app, arguments, options.question.sources.words, context, Settings::leave)) {
    return 0;
  }
  const bool names_model = app.count("--model") > 0;  // one from a file is for Replicate only
  const auto continuation = find_continuation(options.history, context);
  if (continuation) apply_kept_options(app, continuation->model_options);
  apply_settings(app, context);

  auto container = find_container(options.connection, context);
  if (container) check_container(options, names_model);
  const auto answerer = make_answerer(std::move(container));
  const StopSource nothing;
  SignalWatcher watcher(nothing);
  ClientOptions client = client_options(options.connection, context);
  GenerateRequest request = make_request(options.model, context);
  request.delivery = options.no_stream ? Delivery::poll : Delivery::stream;
  if (!options.demo && answerer->has_models())
    request.models = std::make_shared<ModelCache>(context, client.base_url);
  GenerateRequest sample = request;
  sample.prompt = "?";
  (void)answerer->prepare(sample);
  const std::string first = first_message(options.question, context);

  const ApiToken token = token_for(options, *answerer, context);
  const auto demo = options.demo ? start_demo(options.output.quiet, context, client) : nullptr;
  AnswerPrinter printer(options.output, context, token, std::move(client));
  const auto lines = open_lines(request, context);
  Recording recording(
      !options.history.no_log && !options.demo,
      options.output.quiet ? Recording::Warnings::silent : Recording::Warnings::told, context);
  greet(options, answerer->name(request), context);
  ChatSession session(options, std::move(request), *answerer, printer, recording, *lines, watcher,
                      context);
  if (continuation) session.go_on(*continuation);
  return session.run(first);
}

}  // namespace rellama::program

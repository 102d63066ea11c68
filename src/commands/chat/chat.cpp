// `rellama chat`: sets up the input, the backend and signal handling of a session.

#include "commands/chat/chat.hpp"

#include <unistd.h>
#include <CLI/CLI.hpp>

#include <memory>
#include <utility>

#include "commands/chat/chat_options.hpp"
#include "commands/chat/completion.hpp"
#include "commands/chat/session.hpp"
#include "options/parser.hpp"
#include "options/piped_value.hpp"
#include "options/prompt_input.hpp"
#include "options/saved_options.hpp"
#include "rellama/error.hpp"
#include "run/backend.hpp"
#include "run/deadline.hpp"
#include "run/demo.hpp"
#include "run/prompt_text.hpp"
#include "run/request.hpp"
#include "settings/directories.hpp"
#include "terminal/line_editor.hpp"
#include "terminal/piped_lines.hpp"
#include "terminal/style.hpp"

namespace rellama::program {
namespace {

std::optional<terminal::InputHistory> find_input_history(const Context& context) {
  const auto state = settings::find_directories(context.environment).state;
  if (!state) return std::nullopt;
  return terminal::InputHistory(*state / "chat_input.jsonl");
}

// Lines typed by a person are echoed where the answers appear.
std::unique_ptr<terminal::LineSource> open_lines(const GenerateRequest& request,
                                                 const Context& context) {
  const terminal::Streams& streams = context.streams;
  if (!streams.in.is_terminal()) return std::make_unique<terminal::PipedLines>(streams.in);
  const bool on_out = streams.out.is_terminal();
  terminal::OutputStream& shown = on_out ? streams.out : streams.err;
  const auto terminal = terminal::can_redraw(shown, context.environment)
                            ? terminal::LineDisplay::Terminal::obeys
                            : terminal::LineDisplay::Terminal::dumb;
  return std::make_unique<terminal::LineEditor>(
      STDIN_FILENO, shown, on_out ? STDOUT_FILENO : STDERR_FILENO, terminal,
      find_input_history(context), chat_completer(request.catalogue));
}

void greet(const ChatOptions& options, const std::string& name, const Context& context) {
  if (!context.streams.in.is_terminal() || options.output.quiet) return;
  tell_wrapped(context, "rellama: chatting with " + name + " (/help, Ctrl-D to quit)");
}

void check_container(const ChatOptions& options, bool names_model) {
  if (names_model) refuse_with_container("--model", "a container runs only its own model");
  if (options.demo) refuse_with_container("--demo", "the demo uses the built-in emulator");
}

// The first message, if the words or the template provide one. A template that requires input it
// does not get contributes only its settings.
std::string first_message(PromptOptions prompt, const Context& context) {
  prompt.sources.no_stdin = true;  // standard input holds the messages
  const bool has_input = !prompt.sources.words.empty() || !prompt.sources.files.empty();
  if (!has_input && prompt.prompt_template.parameters.empty()) {
    const auto prompt_template = find_template(prompt.prompt_template, context);
    if (!prompt_template || input_use(*prompt_template) == InputUse::required) return {};
  }
  return compose_prompt(prompt, context, context.stop);
}

}  // namespace

int run_chat(const Arguments& arguments, const Context& outer) {
  ChatOptions options;
  CLI::App app("Hold a conversation. The model sees what was said before.");
  prepare(app, "rellama chat");
  declare(app, options);
  app.footer(
      "At the prompt, /help lists the commands. A script passes messages and commands on standard\n"
      "input, one per line: printf '%s\\n' 'My name is Ann.' 'What is my name?' | rellama chat\n");
  if (!parse_with_words(app, arguments, options.prompt.sources.words, outer, Settings::leave)) {
    return 0;
  }
  const bool names_model = app.count("--model") > 0;  // a model set elsewhere is for Replicate
  const auto continuation = resume_options(app, options.history, outer);
  if (has_piped_value(options.model, options.prompt)) {
    throw Error(ErrorKind::invalid_input, {.failed = "'@-' cannot be used in a chat",
                                           .why = "standard input has the messages",
                                           .remedy = "name a file"});
  }

  if (find_container(options.connection, outer)) check_container(options, names_model);
  const StopSource start = stop_after(options.timeout);
  const Context context = stopped_by(outer, start.token());  // until the first message
  // Before any other thread.
  SignalWatcher watcher(start, context.streams, LostReader::stops_run);
  const OpenBackend open = open_backend(options.connection, options.demo, context);
  Backend& backend = *open.backend;
  GenerateRequest request = make_request(options.model, options.connection, options.demo, context);
  request.delivery = options.no_stream ? Delivery::poll : Delivery::stream;
  GenerateRequest sample = request;
  sample.prompt = "?";
  (void)backend.prepare(sample);
  // Files without words precede the first message that is typed.
  const bool files_wait =
      options.prompt.sources.words.empty() && options.prompt.prompt_template.name.empty();
  const std::vector<std::string> files =
      files_wait ? std::exchange(options.prompt.sources.files, {}) : std::vector<std::string>();
  const std::string first = first_message(options.prompt, context);

  backend.authenticate();
  if (open.demo && !options.output.quiet) tell_demo(context);
  const auto lines = open_lines(request, outer);
  Recording recording = open_recording(options.history, options.output, options.demo, outer);
  greet(options, backend.name(request), outer);
  ChatSession session(options, std::move(request),
                      {options.output, backend, *open.log, recording, outer}, *lines, watcher);
  if (continuation) session.resume(*continuation);
  for (const std::string& path : files) session.add_file(path);
  return session.run(first);
}

}  // namespace rellama::program

#include "commands/chat/session.hpp"

#include <fcntl.h>
#include <unistd.h>
#include <CLI/CLI.hpp>

#include <cerrno>
#include <charconv>
#include <cmath>
#include <map>
#include <string_view>
#include <system_error>
#include <utility>

#include "commands/chat/settings.hpp"
#include "commands/history/history_text.hpp"
#include "options/prompt_input.hpp"
#include "options/saved_options.hpp"
#include "prompt/checks.hpp"
#include "rellama/error.hpp"
#include "run/deadline.hpp"
#include "run/editor.hpp"
#include "run/report.hpp"
#include "run/usage_line.hpp"
#include "system/file_descriptor.hpp"
#include "terminal/sink_list.hpp"
#include "terminal/style.hpp"
#include "terminal/visible_text.hpp"

namespace rellama::program {
namespace {

using chat::Conversation;
using chat::SlashName;

constexpr const char* kPrompt = "> ";

// Keeps what has arrived, whatever becomes of the run.
class TextKeeper final : public EventSink {
 public:
  explicit TextKeeper(std::string& text) : text_(text) {}
  void output(std::string_view text) override { text_ += text; }

 private:
  std::string& text_;
};

// Keeps how the conversation fitted into what the model reads, and says what found no room.
class FitKeeper final : public EventSink {
 public:
  explicit FitKeeper(const Context& context) : context_(context) {}

  void prompt_fitted(const PromptFit& fit) override {
    fit_ = fit;
    if (fit.turns_dropped == 0) return;
    tell(context_,
         "rellama: the model reads " + std::to_string(fit.window) + " tokens: this time without " +
             (fit.turns_dropped == 1 ? "one earlier message"
                                     : std::to_string(fit.turns_dropped) + " earlier messages") +
             " (/clear begins anew)\n");
  }
  void output(std::string_view /*text*/) override {}

  [[nodiscard]] const PromptFit& fit() const noexcept { return fit_; }

 private:
  const Context& context_;
  PromptFit fit_;
};

// The beginning of a message, for a list.
std::string first_words(const std::string& message) {
  constexpr std::size_t kMost = 60;
  std::string line = terminal::one_line(message);
  if (line.size() <= kMost) return line;
  std::size_t end = kMost;
  while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xC0U) == 0x80U) --end;
  return line.substr(0, end) + "…";
}

// A file that is there already stays as it is.
void write_new_file(const std::string& path, std::string_view text) {
  const system::FileDescriptor file(
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
  const bool is_written = file.is_open() && ::write(file.get(), text.data(), text.size()) ==
                                                static_cast<ssize_t>(text.size());
  if (!is_written) {
    throw Error(ErrorKind::invalid_input, {.failed = "cannot write '" + path + "'",
                                           .why = std::generic_category().message(errno),
                                           .remedy = "name another file"});
  }
}

bool ends_session(ErrorKind reason) {
  return reason == ErrorKind::terminated || reason == ErrorKind::hung_up ||
         reason == ErrorKind::output_closed;
}

}  // namespace

ChatSession::ChatSession(ChatOptions& options, GenerateRequest request, Answerer& answerer,
                         AnswerPrinter& printer, Recording& recording, terminal::LineSource& lines,
                         SignalWatcher& watcher, const Context& context)
    : options_(options),
      request_(std::move(request)),
      answerer_(answerer),
      printer_(printer),
      recording_(recording),
      lines_(lines),
      reader_(lines),
      watcher_(watcher),
      context_(context) {}

int ChatSession::run(const std::string& first_message) {
  const bool is_interactive = context_.streams.in.is_terminal();
  if (!first_message.empty()) ask(first_message);
  while (true) {
    const StopSource stop;
    watcher_.direct_to(stop, second_signal());
    const chat::Input input = reader_.read(kPrompt, stop.token());
    leave_if_ended(stop.token());
    if (take(input) == Next::leave) return is_interactive ? 0 : exit_code_;
  }
}

// Who is talking keeps the session, however often Ctrl-C is pressed.
SecondSignal ChatSession::second_signal() const {
  return context_.streams.in.is_terminal() ? SecondSignal::changes_nothing
                                           : SecondSignal::ends_process;
}

ChatSession::Next ChatSession::take(const chat::Input& input) {
  switch (input.kind) {
    case chat::Input::Kind::end: return Next::leave;
    case chat::Input::Kind::interrupted: return Next::read;
    case chat::Input::Kind::message: ask(input.text); return Next::read;
    case chat::Input::Kind::command: break;
  }
  try {
    return run_command(chat::parse_slash_command(input.text));
  } catch (const Error& error) {
    tell_failure(error);
    return Next::read;
  }
}

void ChatSession::leave_if_ended(const StopToken& stop) const {
  const auto reason = stop.reason();
  if (reason && ends_session(*reason)) stop.throw_if_stopped();
}

void ChatSession::tell_failure(const Error& error) {
  const bool color =
      terminal::use_color(options_.output.color, context_.streams.err, context_.environment);
  const int code = report(error, context_, color);
  if (exit_code_ == 0) exit_code_ = code;
}

void ChatSession::tell_line(const std::string& line) const {
  tell(context_, "rellama: " + terminal::one_line(line) + "\n");
}

void ChatSession::ask(const std::string& message) {
  GenerateRequest request = request_;
  request.prompt = std::exchange(files_, {}) + message;
  last_message_ = request.prompt;
  request.earlier = conversation_.turns();
  request.conversation = true;
  std::string answer;
  bool is_complete = false;
  const StopSource stop = stop_after(options_.timeout);
  watcher_.direct_to(stop, second_signal());
  try {
    prompt::check_text("the message", request.prompt);
    const int code = printer_.print(
        {.model = {}, .prompt = request.prompt},
        recording_.keep(new_turn(request), bring_home(request, stop.token(), answer)),
        stop.token());
    is_complete = code == 0;
    if (exit_code_ == 0) exit_code_ = code;
  } catch (const Error& error) {
    if (ends_session(error.kind())) throw;
    tell_failure(error);
    if (!context_.streams.in.is_terminal() && error.kind() == ErrorKind::interrupted) throw;
  }
  const auto kept = recording_.kept();
  if (kept) kept_conversation_ = kept->conversation;
  // What was neither refused nor lost is part of the conversation, even if it was cut short.
  if (!is_complete && answer.empty()) return;
  conversation_.add({.message = request.prompt,
                     .answer = std::move(answer),
                     .is_complete = is_complete,
                     .record = kept ? kept->number : 0});
}

history::NewTurn ChatSession::new_turn(const GenerateRequest& request) const {
  history::NewTurn turn;
  turn.conversation = kept_conversation_;
  turn.name = new_name_;
  turn.parent = position().number;
  const std::string& endpoint = options_.connection.endpoint;
  turn.model = answerer_.has_models() ? render_model_ref(request.model) : endpoint;
  turn.model_options = render_kept_options(options_.model, request, endpoint);
  turn.prompt = request.prompt;
  return turn;
}

history::TurnId ChatSession::position() const {
  const Conversation::Number current = conversation_.current();
  return {kept_conversation_, current == 0 ? 0 : conversation_.at(current).record};
}

void ChatSession::keep_position() {
  if (kept_conversation_ != 0) recording_.go_to(position());
}

void ChatSession::go_on(const Continuation& continuation) {
  conversation_ = {};
  kept_conversation_ = continuation.conversation;
  new_name_ = continuation.name;
  std::map<std::int64_t, Conversation::Number> places{{0, 0}};  // by the history's numbers
  for (const history::Turn& turn : continuation.turns) {
    const Conversation::Number parent = places[turn.parent];
    conversation_.go_to(parent);
    const bool came_to_nothing = turn.output.empty() && !turn.is_complete();
    places[turn.id.number] = came_to_nothing ? parent
                                             : conversation_.add({.message = turn.prompt,
                                                                  .answer = turn.output,
                                                                  .is_complete = turn.is_complete(),
                                                                  .record = turn.id.number});
  }
  conversation_.go_to(places[continuation.parent]);
  if (options_.output.quiet || !context_.streams.in.is_terminal()) return;
  if (conversation_.current() == 0) return tell_line("a conversation begins");
  tell_line("the conversation goes on behind: " +
            first_words(conversation_.at(conversation_.current()).message));
}

void ChatSession::show_sessions(const std::string& session) {
  if (session.empty()) {
    constexpr std::int64_t kMost = 20;
    return tell(context_, render_table(open_history(context_).list({.limit = kMost})));
  }
  HistoryOptions chosen;
  chosen.session = session;
  const auto continuation = find_continuation(chosen, context_);
  const std::string here = answerer_.has_models() ? "" : options_.connection.endpoint;
  if (!continuation->turns.empty() && find_kept_container(continuation->model_options) != here) {
    // What was said to a model at home does not go elsewhere by a slip.
    throw Error(ErrorKind::invalid_input,
                {.failed = "that conversation is not with " + answerer_.name(request_),
                 .remedy = "leave, and go on with: rellama chat --session " + session});
  }
  ModelOptions options;
  CLI::App app;
  declare(app, options);
  apply_kept_options(app, continuation->model_options);
  if (!continuation->model_options.empty()) change(std::move(options));
  go_on(*continuation);
}

BringHome ChatSession::bring_home(const GenerateRequest& request, const StopToken& stop,
                                  std::string& answer) {
  return [this, &request, stop, &answer](Client& client, EventSink& sink, const LogFunction& log) {
    TextKeeper keeper(answer);
    FitKeeper fit(context_);
    terminal::SinkList sinks;
    sinks.add(keeper);
    sinks.add(fit);
    sinks.add(sink);
    Prediction prediction = answerer_.generate(client, request, sinks, log, stop);
    count(prediction, fit.fit());
    return prediction;
  };
}

void ChatSession::count(const Prediction& prediction, const PromptFit& fit) {
  const Usage usage = usage_of(prediction);
  ++answers_;
  input_tokens_ += usage.input_tokens.value_or(0);
  output_tokens_ += usage.output_tokens.value_or(0);
  seconds_ += usage.seconds.value_or(0);
  if (usage.input_tokens) request_.tokens.observe(fit.estimated_tokens, *usage.input_tokens);
}

ChatSession::Next ChatSession::run_command(const chat::SlashCommand& command) {
  const std::string& argument = command.argument;
  switch (command.name) {
    case SlashName::branch: branch(argument); break;
    case SlashName::clear: clear(); break;
    case SlashName::edit: edit(argument); break;
    case SlashName::exit: return Next::leave;
    case SlashName::file: add_file(argument); break;
    case SlashName::help: tell(context_, chat::render_slash_help(argument)); break;
    case SlashName::model: change_model(argument); break;
    case SlashName::retry: retry(); break;
    case SlashName::save: save(argument); break;
    case SlashName::sessions: show_sessions(argument); break;
    case SlashName::set: change_input(argument); break;
    case SlashName::system: change_system(argument); break;
    case SlashName::undo: undo(); break;
    case SlashName::usage: show_usage(); break;
  }
  return Next::read;
}

Conversation::Number ChatSession::number_of(const std::string& argument) const {
  Conversation::Number number = 0;
  const auto [end, error] =
      std::from_chars(argument.data(), argument.data() + argument.size(), number);
  const bool is_number = error == std::errc{} && end == argument.data() + argument.size();
  if (is_number && number >= 1 && number <= conversation_.size()) return number;
  throw Error(ErrorKind::invalid_input,
              {.failed = "there is no message '" + argument + "'",
               .remedy = conversation_.size() == 0
                             ? "ask something first"
                             : "they are 1 to " + std::to_string(conversation_.size())});
}

void ChatSession::branch(const std::string& argument) {
  if (!argument.empty()) {
    conversation_.go_to(number_of(argument));
    keep_position();
    tell_line("the conversation goes on behind message " + argument);
    return;
  }
  if (conversation_.size() == 0) return tell_line("nothing was asked yet");
  const std::vector<Conversation::Number> ends = conversation_.branches();
  for (const Conversation::Number end : ends) {
    tell(context_, std::string(end == conversation_.current() ? "* " : "  ") + std::to_string(end) +
                       ": " + first_words(conversation_.at(end).message) + " (" +
                       std::to_string(conversation_.depth(end)) + " messages)\n");
  }
}

void ChatSession::clear() {
  conversation_ = {};
  kept_conversation_ = 0;
  new_name_.clear();
}

void ChatSession::edit(const std::string& argument) {
  const std::string wanted = argument.empty() ? std::to_string(conversation_.current()) : argument;
  const Conversation::Number number = number_of(wanted);
  const StopSource nobody;  // what interrupts the editor is the editor's
  watcher_.direct_to(nobody, SecondSignal::changes_nothing);
  lines_.lend_terminal();
  const std::string message = edit_text(conversation_.at(number).message, context_);
  lines_.take_terminal_back();
  if (message.empty() || message == conversation_.at(number).message) {
    return tell_line("nothing was changed");
  }
  conversation_.go_before(number);
  ask(message);
}

void ChatSession::add_file(const std::string& path) {
  std::string text = read_text_file(path);
  while (text.ends_with('\n')) text.pop_back();
  tell_line("'" + path + "' (" + std::to_string(text.size()) +
            " bytes) goes before your next message");
  files_ += text + "\n\n";
}

void ChatSession::change(ModelOptions options) {
  GenerateRequest request = make_request(options, context_);
  request.prompt = "?";
  request.models = request_.models;
  request.delivery = request_.delivery;
  request.tokens = request.model == request_.model ? request_.tokens : TokenEstimate();
  (void)answerer_.prepare(request);
  request_ = std::move(request);
  options_.model = std::move(options);
}

void ChatSession::change_model(const std::string& reference) {
  if (!reference.empty()) {
    if (!answerer_.has_models()) {
      throw Error(ErrorKind::invalid_input,
                  {.failed = "a container runs the one model that is in it",
                   .remedy = "start rellama chat without --endpoint for another"});
    }
    ModelOptions options = options_.model;
    options.model = reference;
    change(std::move(options));
  }
  tell_line("the model is " + answerer_.name(request_));
}

void ChatSession::change_input(const std::string& assignment) {
  if (assignment.empty()) {
    GenerateRequest sample = request_;
    sample.prompt = "?";
    return tell(context_, render_inputs(answerer_.prepare(sample)));
  }
  ModelOptions options = options_.model;
  set_input(options, assignment);
  change(std::move(options));
}

void ChatSession::change_system(const std::string& argument) {
  if (argument.empty()) {
    const std::string text =
        request_.parameters.system_prompt.value_or(std::string(default_system_prompt));
    return tell_line("the system prompt is: " + text);
  }
  ModelOptions options = options_.model;
  options.system = argument;
  change(std::move(options));
}

void ChatSession::retry() {
  if (last_message_.empty()) {
    throw Error(ErrorKind::invalid_input,
                {.failed = "there is no message to ask again", .remedy = "ask something first"});
  }
  const Conversation::Number answered = conversation_.current();
  const std::size_t size_before = conversation_.size();
  if (answered != 0 && conversation_.at(answered).message == last_message_) {
    conversation_.go_before(answered);
  }
  ask(std::string(last_message_));
  if (conversation_.size() != size_before) return;
  conversation_.go_to(answered);  // it came to nothing
  keep_position();
}

void ChatSession::save(const std::string& path) {
  write_new_file(path, chat::render_markdown(conversation_));
  tell_line("saved in '" + path + "'");
}

void ChatSession::undo() {
  if (!conversation_.undo()) return tell_line("nothing was asked yet");
  keep_position();
  tell_line(conversation_.current() == 0
                ? "the conversation is back at its beginning"
                : "the last message is now: " +
                      first_words(conversation_.at(conversation_.current()).message));
}

void ChatSession::show_usage() {
  tell_line(std::to_string(answers_) + " answers, " + std::to_string(input_tokens_) +
            " tokens in, " + std::to_string(output_tokens_) + " out, " +
            std::to_string(std::llround(seconds_)) + " s");
}

}  // namespace rellama::program

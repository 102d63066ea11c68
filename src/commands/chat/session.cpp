#include "commands/chat/session.hpp"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "options/saved_options.hpp"
#include "prompt/checks.hpp"
#include "rellama/error.hpp"
#include "run/deadline.hpp"
#include "run/report.hpp"
#include "terminal/confirmation.hpp"
#include "terminal/style.hpp"
#include "terminal/table.hpp"
#include "terminal/visible_text.hpp"
#include "wire/counted.hpp"

namespace rellama::program {
namespace {

using chat::Conversation;

// Keeps what arrives, even if showing it fails, and reports what did not fit the context window.
class AnswerObserver final : public EventSink {
 public:
  AnswerObserver(const Context& context, bool quiet) : context_(context), quiet_(quiet) {}

  void prompt_fitted(const PromptFit& fit) override {
    fit_ = fit;
    if (fit.turns_dropped == 0 || quiet_) return;
    tell(context_, "rellama: left out " +
                       (fit.turns_dropped == 1
                            ? "the earliest message"
                            : "the " + std::to_string(fit.turns_dropped) + " earliest messages") +
                       " to fit the model's " + std::to_string(fit.window) +
                       "-token window (/clear starts over)\n");
  }
  void created(const Prediction& /*prediction*/) override { was_started_ = true; }
  void output(std::string_view text) override { text_ += text; }
  void done(const Prediction& prediction) override { usage_ = usage_of(prediction); }

  [[nodiscard]] const PromptFit& fit() const noexcept { return fit_; }
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  [[nodiscard]] bool was_started() const noexcept { return was_started_; }
  /// Empty if the run did not end.
  [[nodiscard]] const std::optional<Usage>& usage() const noexcept { return usage_; }

 private:
  const Context& context_;
  const bool quiet_;
  PromptFit fit_;
  std::string text_;
  bool was_started_ = false;
  std::optional<Usage> usage_;
};

bool has_no_answer(const history::Turn& turn) {
  return turn.output.empty() && !turn.is_complete();
}

bool ends_session(ErrorKind reason) {
  return reason == ErrorKind::terminated || reason == ErrorKind::hung_up ||
         reason == ErrorKind::output_closed;
}

}  // namespace

ChatSession::ChatSession(ChatOptions& options, GenerateRequest request, const AnswerPath& answers,
                         terminal::LineSource& lines, SignalWatcher& watcher)
    : options_(options),
      request_(std::move(request)),
      answers_(answers),
      backend_(answers.backend),
      lines_(lines),
      reader_(lines),
      watcher_(watcher),
      context_(answers.context),
      allowed_(options.max_predictions) {}

int ChatSession::run(const std::string& first_message) {
  if (!first_message.empty()) ask(first_message);
  while (true) {
    const StopSource stop;
    watcher_.direct_to(stop, second_signal());
    const chat::Input input = reader_.read(chat_prompt, stop.token());
    leave_if_ended(stop.token());
    if (take(input) == Next::leave) return is_interactive() ? 0 : exit_code_;
  }
}

// Ctrl-C never ends a session that a person is typing into.
SecondSignal ChatSession::second_signal() const {
  return is_interactive() ? SecondSignal::changes_nothing : SecondSignal::ends_process;
}

ChatSession::Next ChatSession::take(const chat::Input& input) {
  switch (input.kind) {
    case chat::Input::Kind::end: return Next::leave;
    case chat::Input::Kind::interrupted: return Next::read;
    case chat::Input::Kind::message: ask(input.text); return Next::read;
    case chat::Input::Kind::command: break;
  }
  const StopSource stop = stop_after(options_.timeout);
  watcher_.direct_to(stop, second_signal());
  context_.stop = stop.token();
  try {
    return run_command(chat::parse_slash_command(input.text));
  } catch (const Error& error) {
    tell_failure(error);
    if (is_interactive()) return Next::read;
    if (error.kind() == ErrorKind::interrupted) throw;
    return Next::leave;
  }
}

bool ChatSession::may_ask() {
  if (started_ < allowed_) return true;
  const std::string count = wire::counted(started_, "prediction");
  const std::string question =
      "rellama: " + count + " started so far; send this message too? [y/N] ";
  const StopSource stop;
  watcher_.direct_to(stop, second_signal());
  bool confirmed = false;
  if (is_interactive()) {
    const terminal::Line answer = lines_.read(question, stop.token());
    leave_if_ended(stop.token());
    confirmed = answer.end == terminal::LineEnd::line && terminal::is_yes(answer.text);
    if (!confirmed) tell_line("not sent");
  } else {
    const terminal::OutputStream& err = context_.streams.err;
    confirmed =
        err.is_terminal() && terminal::confirm(context_.streams.err, question, stop.token());
    if (!confirmed) {
      throw Error(ErrorKind::invalid_input,
                  {.failed = "stopped after " + count,
                   .why = "--max-predictions allows " + std::to_string(allowed_) +
                          ", and each line is a message",
                   .remedy = "to send a whole file as one prompt: rellama < FILE; to send each "
                             "line, raise --max-predictions"});
    }
  }
  if (confirmed) allowed_ = started_ + options_.max_predictions;
  return confirmed;
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
  tell_wrapped(context_, "rellama: " + terminal::one_line(line));
}

std::string ChatSession::summary_of(const std::string& message) {
  constexpr std::size_t kLongest = 60;
  return terminal::truncate(terminal::one_line(message), kLongest);
}

void ChatSession::ask(const std::string& message) {
  if (!may_ask()) return;
  GenerateRequest request = request_;
  request.prompt.clear();
  for (const AddedFile& file : std::exchange(files_, {})) request.prompt += file.text + "\n\n";
  request.prompt += message;
  request.earlier = conversation_.turns();
  request.conversation = true;
  // With one line in another encoding, all are.
  if (!is_interactive()) prompt::check_text("the message", request.prompt);
  AnswerObserver observer(context_, options_.output.quiet);
  bool is_complete = false;
  bool may_have_started = false;
  const StopSource stop = stop_after(options_.timeout);
  watcher_.direct_to(stop, second_signal());
  try {
    prompt::check_text("the message", request.prompt);
    const int code =
        ask_and_show(answers_, request, new_turn(request, stop.token()), stop.token(), &observer);
    is_complete = code == 0;
    if (exit_code_ == 0) exit_code_ = code;
  } catch (const Error& error) {
    const auto reason = stop.token().reason();
    if (ends_session(error.kind()) || (reason && ends_session(*reason))) throw;
    tell_failure(error);
    if (!is_interactive() && reason == ErrorKind::interrupted) throw;
    if (error.kind() == ErrorKind::may_have_started) may_have_started = true;
  }
  if (observer.was_started() || may_have_started) ++started_;
  if (observer.usage()) count(*observer.usage(), observer.fit());
  const auto recorded = answers_.recording.last_turn();
  if (recorded) recorded_conversation_ = recorded->conversation;
  // An answer cut short is part of the conversation; a message without one is not.
  unanswered_.reset();
  if (!is_complete && observer.text().empty()) {
    unanswered_ = {std::move(request.prompt), conversation_.current()};
    return;
  }
  conversation_.add({.message = request.prompt,
                     .answer = observer.text(),
                     .is_complete = is_complete,
                     .record = recorded ? recorded->number : 0});
}

history::NewTurn ChatSession::new_turn(const GenerateRequest& request,
                                       const StopToken& stop) const {
  history::NewTurn turn;
  turn.conversation = recorded_conversation_;
  turn.name = new_name_;
  turn.parent = position().number;
  const std::string& endpoint = options_.connection.endpoint;
  turn.model = backend_.has_models() ? render_model_ref(request.model) : endpoint;
  turn.model_options =
      render_saved_options(options_.model, request, endpoint, backend_.find_secrets(request, stop));
  turn.prompt = request.prompt;
  return turn;
}

history::TurnId ChatSession::position() const {
  const Conversation::Number current = conversation_.current();
  return {recorded_conversation_, current == 0 ? 0 : conversation_.at(current).record};
}

void ChatSession::save_position() {
  if (recorded_conversation_ != 0) answers_.recording.set_position(position());
}

void ChatSession::resume(const Continuation& continuation) {
  conversation_ = {};
  unanswered_.reset();
  recorded_conversation_ = continuation.conversation;
  new_name_ = continuation.name;
  std::map<std::int64_t, Conversation::Number> places{{0, 0}};  // by their numbers in the history
  for (const history::Turn& turn : continuation.turns) {
    const Conversation::Number parent = places[turn.parent];
    conversation_.go_to(parent);
    places[turn.id.number] = has_no_answer(turn)
                                 ? parent
                                 : conversation_.add({.message = turn.prompt,
                                                      .answer = turn.output,
                                                      .is_complete = turn.is_complete(),
                                                      .record = turn.id.number});
  }
  const Conversation::Number current = places[continuation.parent];
  conversation_.go_to(current);
  const auto newest =
      std::find_if(continuation.turns.rbegin(), continuation.turns.rend(),
                   [&](const history::Turn& turn) { return places[turn.parent] == current; });
  if (newest != continuation.turns.rend() && has_no_answer(*newest)) {
    unanswered_ = {newest->prompt, current};
  }
  if (options_.output.quiet || !is_interactive()) return;
  if (conversation_.current() == 0) return tell_line("new conversation");
  show_last_turns();
}

void ChatSession::count(const Usage& usage, const PromptFit& fit) {
  ++answer_count_;
  input_tokens_ += usage.input_tokens.value_or(0);
  output_tokens_ += usage.output_tokens.value_or(0);
  seconds_ += usage.seconds.value_or(0);
  if (usage.input_tokens) request_.tokens.observe(fit.estimated_tokens, *usage.input_tokens);
}

}  // namespace rellama::program

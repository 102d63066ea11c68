// The slash commands of a chat.

#include "commands/chat/session.hpp"

#include <fcntl.h>
#include <unistd.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <string_view>
#include <system_error>
#include <utility>

#include "commands/chat/settings.hpp"
#include "commands/history/history_text.hpp"
#include "options/output_options.hpp"
#include "options/prompt_input.hpp"
#include "options/saved_options.hpp"
#include "rellama/error.hpp"
#include "run/editor.hpp"
#include "system/file_descriptor.hpp"
#include "terminal/clipboard.hpp"
#include "terminal/style.hpp"
#include "terminal/table.hpp"
#include "terminal/text_printer.hpp"
#include "wire/counted.hpp"

namespace rellama::program {
namespace {

using chat::Conversation;
using chat::SlashName;

// Never overwrites a file.
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

}  // namespace

void ChatSession::list_sessions() const {
  constexpr std::int64_t kMost = 20;
  auto store = find_history(context_);
  if (!store) return tell_line("no conversations yet");
  tell(context_, render_table(store->list({.limit = kMost}),
                              terminal::table_width(context_.streams.err), recorded_conversation_));
}

void ChatSession::continue_session(const std::string& session) {
  HistoryOptions chosen;
  chosen.session = session;
  const auto continuation = find_continuation(chosen, context_);
  const std::string here = backend_.has_models() ? "" : options_.connection.endpoint;
  if (!continuation->turns.empty() && find_saved_container(continuation->model_options) != here) {
    // Do not send a conversation with a private model to another server by accident.
    throw Error(ErrorKind::invalid_input,
                {.failed = "that conversation is not with " + backend_.name(request_),
                 .remedy = "quit, then run: rellama chat --session " + session});
  }
  ModelOptions options;
  CLI::App app;
  declare(app, options);
  apply_saved_options(app, continuation->model_options);
  if (!continuation->model_options.empty()) change(std::move(options));
  resume(*continuation);
}

ChatSession::Next ChatSession::run_command(const chat::SlashCommand& command) {
  const std::string& argument = command.argument;
  switch (command.name) {
    case SlashName::branch: branch(argument); break;
    case SlashName::clear: clear(); break;
    case SlashName::copy: copy(); break;
    case SlashName::drop: drop_file(argument); break;
    case SlashName::edit: edit(argument); break;
    case SlashName::exit: return Next::leave;
    case SlashName::file: add_file(argument); break;
    case SlashName::help:
      tell(context_,
           chat::render_slash_help(argument, terminal::table_width(context_.streams.err)));
      break;
    case SlashName::model: change_model(argument); break;
    case SlashName::retry: retry(); break;
    case SlashName::save: save(argument); break;
    case SlashName::sessions:
      argument.empty() ? list_sessions() : continue_session(argument);
      break;
    case SlashName::set: change_inputs(argument); break;
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
              {.failed = "no message '" + argument + "'",
               .remedy = conversation_.size() == 0
                             ? "ask something first"
                             : "choose 1 to " + std::to_string(conversation_.size())});
}

void ChatSession::branch(const std::string& argument) {
  if (!argument.empty()) {
    conversation_.go_to(number_of(argument));
    save_position();
    tell_line("continuing after message " + argument);
    return;
  }
  if (conversation_.size() == 0) return tell_line("no messages yet");
  const std::vector<Conversation::Number> ends = conversation_.branches();
  for (const Conversation::Number end : ends) {
    tell(context_, std::string(end == conversation_.current() ? "* " : "  ") + std::to_string(end) +
                       ": " + summary_of(conversation_.at(end).message) + " (" +
                       wire::counted(conversation_.depth(end), "message") + ")\n");
  }
}

void ChatSession::clear() {
  conversation_ = {};
  unanswered_.reset();
  recorded_conversation_ = 0;
  new_name_.clear();
  files_.clear();
}

void ChatSession::edit(const std::string& argument) {
  const std::string wanted = argument.empty() ? std::to_string(conversation_.current()) : argument;
  const Conversation::Number number = number_of(wanted);
  const StopSource meanwhile;
  watcher_.direct_to(meanwhile, SecondSignal::changes_nothing);
  lines_.lend_terminal();
  const std::string message =
      edit_text(conversation_.at(number).message, stopped_by(context_, meanwhile.token()));
  lines_.take_terminal_back();
  if (message.empty() || message == conversation_.at(number).message) {
    return tell_line("unchanged");
  }
  conversation_.go_before(number);
  ask(message);
}

void ChatSession::add_file(const std::string& path) {
  std::string text = read_text_file(path, context_.stop);
  while (text.ends_with('\n')) text.pop_back();
  tell_line("'" + path + "' (" + wire::counted(text.size(), "byte") +
            ") will precede your next message");
  files_.push_back({path, std::move(text)});
}

void ChatSession::drop_file(const std::string& path) {
  const auto dropped = std::erase_if(
      files_, [&](const AddedFile& file) { return path.empty() || file.path == path; });
  if (dropped > 0) return tell_line("removed " + wire::counted(dropped, "file"));
  std::string added;
  for (const AddedFile& file : files_) added += (added.empty() ? "" : ", ") + file.path;
  throw Error(ErrorKind::invalid_input,
              {.failed = files_.empty() ? "no file was added" : "'" + path + "' was not added",
               .remedy = files_.empty() ? "add one with /file" : "there is: " + added});
}

// The terminal passes it on, even to the clipboard of another machine.
void ChatSession::copy() {
  const Conversation::Number current = conversation_.current();
  const terminal::Streams& streams = context_.streams;
  if (current == 0) {
    throw Error(ErrorKind::invalid_input,
                {.failed = "no answer to copy", .remedy = "ask something first"});
  }
  terminal::OutputStream& shown = streams.out.is_terminal() ? streams.out : streams.err;
  if (!terminal::can_redraw(shown, context_.environment)) {
    throw Error(ErrorKind::invalid_input,
                {.failed = "there is no terminal to copy with", .remedy = "use /save FILE"});
  }
  const std::string_view answer =
      terminal::without_leading_blanks(conversation_.at(current).answer);
  terminal::copy_to_clipboard(answer, shown);
  tell_line("sent " + wire::counted(answer.size(), "byte") + " to the terminal's clipboard");
}

void ChatSession::change(ModelOptions options) {
  GenerateRequest request = make_request(options, context_);
  request.prompt = "?";
  request.models = request_.models;
  request.delivery = request_.delivery;
  request.tokens = request.model == request_.model ? request_.tokens : TokenEstimate();
  (void)backend_.prepare(request);
  request_ = std::move(request);
  options_.model = std::move(options);
}

void ChatSession::change_model(const std::string& reference) {
  if (!reference.empty()) {
    if (!backend_.has_models()) {
      throw Error(ErrorKind::invalid_input,
                  {.failed = "a container runs only its own model",
                   .remedy = "start rellama chat without --endpoint to use another"});
    }
    ModelOptions options = options_.model;
    options.model = reference;
    change(std::move(options));
  }
  tell_line("model: " + backend_.name(request_));
}

void ChatSession::change_inputs(const std::string& assignments) {
  if (assignments.empty()) {
    GenerateRequest sample = request_;
    sample.prompt = "?";
    return tell(context_, render_inputs(backend_.prepare(sample)));
  }
  ModelOptions options = options_.model;
  set_inputs(options, assignments);
  change(std::move(options));
}

void ChatSession::change_system(const std::string& argument) {
  if (argument.empty()) {
    const std::string text =
        request_.parameters.system_prompt.value_or(std::string(default_system_prompt));
    return tell_line("system prompt: " + text);
  }
  ModelOptions options = options_.model;
  options.system = argument;
  change(std::move(options));
}

void ChatSession::retry() {
  const Conversation::Number answered = conversation_.current();
  const bool failed = unanswered_ && unanswered_->after == answered;
  if (!failed && answered == 0) {
    throw Error(ErrorKind::invalid_input,
                {.failed = "no message to retry", .remedy = "ask something first"});
  }
  const std::size_t size_before = conversation_.size();
  const std::string message = failed ? unanswered_->message : conversation_.at(answered).message;
  if (!failed) conversation_.go_before(answered);
  ask(message);
  if (conversation_.size() != size_before) return;
  conversation_.go_to(answered);  // the retry failed
  save_position();
}

void ChatSession::save(const std::string& path) {
  const std::string text = chat::render_markdown(conversation_);
  if (names_stdout(path)) return context_.streams.out.print(text);
  write_new_file(path, text);
  tell_line("saved to '" + path + "'");
}

void ChatSession::show_last_turns() const {
  constexpr std::size_t kMost = 2;
  std::vector<Conversation::Number> path = conversation_.path();
  const std::size_t left_out = path.size() - std::min(path.size(), kMost);
  tell_line("continuing after " + wire::counted(path.size(), "message") +
            (left_out == 0 ? std::string() : "; the last " + std::to_string(kMost) + ":"));
  for (std::size_t i = left_out; i < path.size(); ++i) {
    const chat::Exchange& exchange = conversation_.at(path[i]);
    tell(context_, std::string(chat_prompt) + exchange.message + "\n");
    show_text(exchange.answer + (exchange.is_complete ? "\n" : " …\n"), options_.output, context_);
  }
}

void ChatSession::undo() {
  if (!conversation_.undo()) return tell_line("no messages yet");
  save_position();
  tell_line(conversation_.current() == 0
                ? "back at the start of the conversation"
                : "the last message is now: " +
                      summary_of(conversation_.at(conversation_.current()).message));
}

void ChatSession::show_usage() {
  tell_line(wire::counted(answer_count_, "answer") + ", " + wire::counted(input_tokens_, "token") +
            " in, " + std::to_string(output_tokens_) + " out, " +
            std::to_string(std::llround(seconds_)) + " s");
}

}  // namespace rellama::program

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "chat/conversation.hpp"
#include "chat/message_reader.hpp"
#include "chat/slash_command.hpp"
#include "commands/chat/chat_options.hpp"
#include "options/context.hpp"
#include "options/history_options.hpp"
#include "rellama/outcome.hpp"
#include "run/answer.hpp"
#include "run/signal_watcher.hpp"

namespace rellama::program {

/// What a person types a message after.
inline constexpr const char* chat_prompt = "> ";

/// A conversation: reads messages and commands, asks, and shows the answers.
class ChatSession {
 public:
  /// `request` lacks only its prompt. Everything passed by reference must outlive the session.
  ChatSession(ChatOptions& options, GenerateRequest request, const AnswerPath& answers,
              terminal::LineSource& lines, SignalWatcher& watcher);

  /// Continues a recorded conversation. Shows its last turns to a person.
  void resume(const Continuation& continuation);

  /// Adds a file before the next message. Throws Error (invalid_input).
  void add_file(const std::string& path);

  /// Asks `first_message` unless it is empty, then handles input until it ends. Returns the exit
  /// code: 0 if a person was typing, otherwise that of the first message or command that failed. A
  /// command that fails ends a script: what follows would be sent to a model it does not mean.
  /// Throws Error if the whole session has to end.
  int run(const std::string& first_message);

 private:
  enum class Next { read, leave };

  /// A message that failed, with its files, and the message it follows.
  struct Unanswered {
    std::string message;
    chat::Conversation::Number after = 0;
  };

  struct AddedFile {
    std::string path;
    std::string text;
  };

  Next take(const chat::Input& input);
  /// Whether another prediction may be started. A person is asked. Throws Error (invalid_input) if
  /// there is none.
  bool may_ask();
  /// Asks and shows the answer. Reports a failure and lets the session continue.
  void ask(const std::string& message);
  void count(const Usage& usage, const PromptFit& fit);
  void tell_failure(const Error& error);
  [[nodiscard]] SecondSignal second_signal() const;
  void leave_if_ended(const StopToken& stop) const;

  Next run_command(const chat::SlashCommand& command);
  void branch(const std::string& argument);
  void clear();
  void copy();
  void drop_file(const std::string& path);
  void edit(const std::string& argument);
  void change_model(const std::string& reference);
  void change_inputs(const std::string& assignments);
  void change_system(const std::string& argument);
  void retry();
  void save(const std::string& path);
  void show_last_turns() const;
  void list_sessions() const;
  void continue_session(const std::string& session);
  void undo();
  void show_usage();

  /// What the history records of the next message.
  [[nodiscard]] history::NewTurn new_turn(const GenerateRequest& request,
                                          const StopToken& stop) const;
  /// The current message, as numbered by the history.
  [[nodiscard]] history::TurnId position() const;
  /// Records where the conversation continues.
  void save_position();

  [[nodiscard]] bool is_interactive() const { return context_.streams.in.is_terminal(); }
  /// Switches the session to `options` if they make a valid request. Throws Error.
  void change(ModelOptions options);
  void tell_line(const std::string& line) const;
  /// The beginning of a message, on one line.
  static std::string summary_of(const std::string& message);
  chat::Conversation::Number number_of(const std::string& argument) const;

  ChatOptions& options_;
  GenerateRequest request_;  // without its prompt
  const AnswerPath answers_;
  Backend& backend_;
  terminal::LineSource& lines_;
  chat::MessageReader reader_;
  SignalWatcher& watcher_;
  Context context_;

  chat::Conversation conversation_;
  std::int64_t recorded_conversation_ = 0;  // its number in the history; 0: not recorded yet
  std::string new_name_;                    // its name there, once it is recorded
  std::vector<AddedFile> files_;            // to put before the next message
  std::optional<Unanswered> unanswered_;    // the last message, if it has no answer
  std::size_t started_ = 0;                 // predictions
  std::size_t allowed_;                     // predictions, before the user is asked
  int exit_code_ = 0;
  std::int64_t answer_count_ = 0;
  std::int64_t input_tokens_ = 0;
  std::int64_t output_tokens_ = 0;
  double seconds_ = 0;
};

}  // namespace rellama::program

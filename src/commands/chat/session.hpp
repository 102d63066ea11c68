#pragma once

#include <cstdint>
#include <string>

#include "chat/conversation.hpp"
#include "chat/message_reader.hpp"
#include "chat/slash_command.hpp"
#include "commands/chat/chat_options.hpp"
#include "options/context.hpp"
#include "options/history_options.hpp"
#include "run/answer.hpp"
#include "run/backend.hpp"
#include "run/recording.hpp"
#include "run/signal_watcher.hpp"

namespace rellama::program {

/// A conversation from its first message to its end: reads messages and commands, asks, answers.
class ChatSession {
 public:
  /// Everything that is handed in must outlive the session. `printer` shows the answers, `watcher`
  /// tells of Ctrl-C.
  ChatSession(ChatOptions& options, GenerateRequest request, Answerer& answerer,
              AnswerPrinter& printer, Recording& recording, terminal::LineSource& lines,
              SignalWatcher& watcher, const Context& context);

  /// Takes up a conversation of the history where it was left.
  void go_on(const Continuation& continuation);

  /// Asks `first_message`, unless it is empty, and then what is read. Gives the exit code: 0 where
  /// a person took part; in a script that of the first message or command that failed. Throws Error
  /// where the whole session has to end.
  int run(const std::string& first_message);

 private:
  enum class Next { read, leave };

  Next take(const chat::Input& input);
  /// Asks and shows the answer; a failure is told and the session goes on.
  void ask(const std::string& message);
  /// Gives `bring_home` what it needs, and keeps in `answer` what arrives.
  [[nodiscard]] BringHome bring_home(const GenerateRequest& request, const StopToken& stop,
                                     std::string& answer);
  void count(const Prediction& prediction, const PromptFit& fit);
  void tell_failure(const Error& error);
  [[nodiscard]] SecondSignal second_signal() const;
  void leave_if_ended(const StopToken& stop) const;

  Next run_command(const chat::SlashCommand& command);
  void branch(const std::string& argument);
  void clear();
  void edit(const std::string& argument);
  void add_file(const std::string& path);
  void change_model(const std::string& reference);
  void change_input(const std::string& assignment);
  void change_system(const std::string& argument);
  void retry();
  void save(const std::string& path);
  void show_sessions(const std::string& session);
  void undo();
  void show_usage();

  /// What the history is to know of the next message.
  [[nodiscard]] history::NewTurn new_turn(const GenerateRequest& request) const;
  /// The current message as the history calls it.
  [[nodiscard]] history::TurnId position() const;
  /// Lets the history know where the conversation goes on.
  void keep_position();

  /// Makes `options` those of the session, if a request can be made of them. Throws Error.
  void change(ModelOptions options);
  void tell_line(const std::string& line) const;
  chat::Conversation::Number number_of(const std::string& argument) const;

  ChatOptions& options_;
  GenerateRequest request_;  // with all but its prompt
  Answerer& answerer_;
  AnswerPrinter& printer_;
  Recording& recording_;
  terminal::LineSource& lines_;
  chat::MessageReader reader_;
  SignalWatcher& watcher_;
  const Context& context_;

  chat::Conversation conversation_;
  std::int64_t kept_conversation_ = 0;  // what the history calls it; 0: it is not kept yet
  std::string new_name_;                // what it is to be called there
  std::string files_;                   // before the next message
  std::string last_message_;            // with its files; for /retry, whatever became of it
  int exit_code_ = 0;
  std::int64_t answers_ = 0;
  std::int64_t input_tokens_ = 0;
  std::int64_t output_tokens_ = 0;
  double seconds_ = 0;
};

}  // namespace rellama::program

#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "history/database.hpp"
#include "history/turn.hpp"

namespace rellama::history {

/// Selects conversations or turns. What is not set matches everything.
struct Filter {
  std::optional<Time> since = {};
  std::optional<Time> before = {};
  std::string model = {};   ///< part of the model's name
  std::int64_t limit = -1;  ///< maximum number; negative: all
};

/// A turn found by a search, with the words around the match.
struct Match {
  TurnId id;
  Time asked_at = 0;
  std::string model;
  std::string excerpt;
};

/// The total usage of a group of turns.
struct UsageTotal {
  std::string key;  ///< a model, or a day such as 2026-11-23
  std::int64_t turns = 0;
  std::int64_t input_tokens = 0;
  std::int64_t output_tokens = 0;
  double seconds = 0;
};
enum class UsageKey { model, day };

/// Prompts and answers in one file. Several processes can use it at once. All members throw Error:
/// internal if the file cannot be used, not_found for what is not in it. To be used by one thread
/// at a time.
class Store {
 public:
  Store(std::filesystem::path path, Database::Open open,
        std::chrono::milliseconds patience = std::chrono::seconds(5));

  /// Records a prompt as the newest turn of its conversation.
  TurnId begin(const NewTurn& turn);
  /// Records which prediction answers a turn.
  void set_prediction(const TurnId& id, std::string_view prediction);
  /// Appends to the answer, and makes the turn the current one of its conversation.
  void append(const TurnId& id, std::string_view output);
  /// Ends a turn, and appends the rest of its answer.
  void end(const TurnId& id, const TurnEnd& end, std::string_view rest = {});
  /// Gives the turn of a prediction its answer, unless it has ended already. False if there is
  /// none.
  bool complete(std::string_view prediction, std::string_view output, const TurnEnd& end);

  /// Newest first.
  [[nodiscard]] std::vector<ConversationSummary> list(const Filter& filter);
  /// Finds turns that have all the words in prompt or answer, newest first. Parts of words
  /// count: Chinese and Japanese are written without blanks. Adds turns that have ended since
  /// the last search to the index, for at most a second.
  [[nodiscard]] std::vector<Match> search(const std::vector<std::string>& words,
                                          const Filter& filter);
  [[nodiscard]] std::vector<UsageTotal> usage(UsageKey key, const Filter& filter);

  [[nodiscard]] std::optional<ConversationSummary> find(std::int64_t conversation);
  [[nodiscard]] std::optional<ConversationSummary> find_named(const std::string& name);
  /// The conversation used last.
  [[nodiscard]] std::optional<ConversationSummary> find_last();
  [[nodiscard]] std::optional<Turn> find_turn(const TurnId& id);
  /// Whether a turn was answered by this prediction.
  [[nodiscard]] bool has_prediction(std::string_view id);
  /// All turns of a conversation, oldest first.
  [[nodiscard]] std::vector<Turn> turns(std::int64_t conversation);

  /// Names a conversation, or takes its name away. False if another one has that name.
  [[nodiscard]] bool rename(std::int64_t conversation, const std::string& name);
  /// A number that changes when another process has written to the file.
  [[nodiscard]] std::int64_t version();

  /// Makes a turn the current one of its conversation; 0 is the beginning.
  void go_to(const TurnId& id);
  /// Removes a conversation with all its turns. False if there is none.
  bool remove(std::int64_t conversation);
  /// Keeps the file quick to open. Waits for the disk.
  void shorten_log() { database_.shorten_log(); }
  /// Erases what was removed from the file.
  void forget_removed();

 private:
  void write_end(const TurnId& id, const TurnEnd& end, std::string_view rest);
  void update_index();

  Database database_;
};

/// The turns from the beginning of the conversation to `number`, oldest first.
[[nodiscard]] std::vector<Turn> path_to(const std::vector<Turn>& turns, std::int64_t number);

}  // namespace rellama::history

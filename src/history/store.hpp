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

/// Which conversations or turns are meant. What is not set does not matter.
struct Filter {
  std::optional<Time> since = {};
  std::optional<Time> before = {};
  std::string model = {};   ///< a part of the model's name
  std::int64_t limit = -1;  ///< at most so many; negative: all
};

/// A turn that a search found, and the words around what was looked for.
struct Match {
  TurnId id;
  Time asked_at = 0;
  std::string model;
  std::string excerpt;
};

/// What turns with something in common took.
struct UsageTotal {
  std::string key;  ///< a model, or a day as 2026-11-23
  std::int64_t turns = 0;
  std::int64_t input_tokens = 0;
  std::int64_t output_tokens = 0;
  double seconds = 0;
};
enum class UsageKey { model, day };

/// Prompts and answers, kept in one file. Several processes can use it at once. Everything throws
/// Error: internal where the file cannot be used, not_found for what is not in it. Used by one
/// thread at a time.
class Store {
 public:
  Store(std::filesystem::path path, Database::Open open,
        std::chrono::milliseconds patience = std::chrono::seconds(5));

  /// Keeps a prompt, which makes it the newest turn of its conversation.
  TurnId begin(const NewTurn& turn);
  /// Adds to the answer. What has an answer is where the conversation goes on.
  void append(const TurnId& id, std::string_view output);
  void end(const TurnId& id, const TurnEnd& end);

  /// The newest first.
  [[nodiscard]] std::vector<Conversation> list(const Filter& filter);
  /// The turns that hold all of the words in prompt or answer, the newest first. A word that ends
  /// with `*` stands for all that begin so.
  [[nodiscard]] std::vector<Match> search(const std::vector<std::string>& words,
                                          const Filter& filter);
  [[nodiscard]] std::vector<UsageTotal> usage(UsageKey key, const Filter& filter);

  [[nodiscard]] std::optional<Conversation> find(std::int64_t conversation);
  [[nodiscard]] std::optional<Conversation> find_named(const std::string& name);
  /// The conversation that was used last.
  [[nodiscard]] std::optional<Conversation> find_last();
  [[nodiscard]] std::optional<Turn> find_turn(const TurnId& id);
  /// All turns of a conversation, in the order in which they were asked.
  [[nodiscard]] std::vector<Turn> turns(std::int64_t conversation);

  /// Makes a turn the one where its conversation goes on; 0: at its beginning.
  void go_to(const TurnId& id);
  /// Removes a conversation with all its turns. False if there is none.
  bool remove(std::int64_t conversation);
  /// Leaves nothing of what was removed in the file.
  void forget_removed();

 private:
  Database database_;
};

/// The turns from the beginning of the conversation to `number`, the oldest first.
[[nodiscard]] std::vector<Turn> path_to(const std::vector<Turn>& turns, std::int64_t number);

}  // namespace rellama::history

#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "history/store.hpp"
#include "web/message_id.hpp"

namespace rellama::web {

/// The time now, as the history has it.
[[nodiscard]] history::Time current_time();

/// A turn that was recorded.
struct RecordedTurn {
  ConversationId conversation;
  std::int64_t number = 0;
};

/// A page of a list of conversations.
struct ConversationList {
  struct Entry {
    ConversationId id;
    history::ConversationSummary summary;
    std::string excerpt = {};  ///< around what was searched for
  };
  std::vector<Entry> entries;
  std::string next;  ///< where the next page begins; empty if there is none
};

/// The conversations that the page knows: those of the history, which `rellama chat` has too, and
/// those that are not to be recorded, which are kept in memory as long as the server runs. Used by
/// one thread. Throws Error like history::Store.
class Conversations {
 public:
  /// `history`: the file of the history; none if nothing is recorded, nor shown.
  explicit Conversations(std::optional<std::filesystem::path> history);

  [[nodiscard]] bool has_history() const noexcept { return path_.has_value(); }

  /// Records a prompt, in the conversation `in`, or in a new one. If the conversation is in the
  /// history and the turn is not to be recorded, what it follows is copied first. If the history
  /// cannot be used, the turn is kept in memory, and `why` says why.
  RecordedTurn begin(const std::optional<ConversationId>& in, history::NewTurn turn, bool record,
                     std::string& why);

  /// The store of a conversation. Throws Error (not_found) if there is no history.
  [[nodiscard]] history::Store& store_of(const ConversationId& id);

  [[nodiscard]] std::optional<history::ConversationSummary> find(const ConversationId& id);
  /// All turns of a conversation, oldest first; none if there is no such conversation.
  [[nodiscard]] std::vector<history::Turn> turns(const ConversationId& id);
  bool remove(const ConversationId& id);

  /// Those of the history, newest first. `before`: `next` of the page before.
  [[nodiscard]] ConversationList list(std::size_t limit, const std::string& before);
  /// The conversations that have all words of `text`, newest first.
  [[nodiscard]] ConversationList search(const std::string& text, std::size_t limit);

  /// Whether another process has written to the history since the last call.
  [[nodiscard]] bool has_changed_elsewhere();

 private:
  [[nodiscard]] history::Store& memory();
  void open_history(history::Database::Open how);
  /// The history, if there is a file; null otherwise.
  [[nodiscard]] history::Store* find_history();
  [[nodiscard]] history::TurnId begin_in_history(std::int64_t conversation,
                                                 const history::NewTurn& turn);
  [[nodiscard]] history::TurnId begin_in_memory(const std::optional<ConversationId>& in,
                                                history::NewTurn turn);
  void copy_path(const ConversationId& from, history::NewTurn& turn);
  void forget_oldest();

  const std::optional<std::filesystem::path> path_;
  std::optional<history::Store> history_;
  std::optional<history::Store> memory_;
  std::int64_t history_version_ = 0;
};

}  // namespace rellama::web

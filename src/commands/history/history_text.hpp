#pragma once

#include <string>
#include <vector>

#include "history/store.hpp"

namespace rellama::program {

/// The forms in which a history goes elsewhere.
enum class ExportFormat { markdown, json, jsonl };

/// A conversation with its turns, whole.
struct KeptConversation {
  history::ConversationSummary about;
  std::vector<history::Turn> turns;
};

/// As `history list`, `search` and `usage` show them: a table for people.
[[nodiscard]] std::string render_table(
    const std::vector<history::ConversationSummary>& conversations);
[[nodiscard]] std::string render_table(const std::vector<history::Match>& matches);
[[nodiscard]] std::string render_table(const std::vector<history::UsageTotal>& totals,
                                       history::UsageKey key);

/// The same as one line of JSON, an array.
[[nodiscard]] std::string render_json(
    const std::vector<history::ConversationSummary>& conversations);
[[nodiscard]] std::string render_json(const std::vector<history::Match>& matches);
[[nodiscard]] std::string render_json(const std::vector<history::UsageTotal>& totals,
                                      history::UsageKey key);

/// One conversation in Markdown: all its turns in their order, each with what it follows where that
/// is not the one before it.
[[nodiscard]] std::string render_markdown(const KeptConversation& conversation);
/// One turn, with what is known of it.
[[nodiscard]] std::string render_markdown(const history::Turn& turn);

/// A conversation as one line of JSON, `rellama.conversation/1`.
[[nodiscard]] std::string render_json(const KeptConversation& conversation);
/// A turn as one line of JSON, `rellama.turn/1`.
[[nodiscard]] std::string render_json(const history::Turn& turn);

}  // namespace rellama::program

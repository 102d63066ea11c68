#pragma once

#include <string>
#include <vector>

#include "history/store.hpp"

namespace rellama::program {

/// The formats of `history export`.
enum class ExportFormat { markdown, json, jsonl };

/// A conversation with all its turns.
struct KeptConversation {
  history::ConversationSummary about;
  std::vector<history::Turn> turns;
};

/// The tables of `history list`, `search` and `usage`, cut to `columns`; 0: not cut. A star marks
/// the conversation `marked`.
[[nodiscard]] std::string render_table(
    const std::vector<history::ConversationSummary>& conversations, std::size_t columns,
    std::int64_t marked = 0);
[[nodiscard]] std::string render_table(const std::vector<history::Match>& matches,
                                       std::size_t columns);
[[nodiscard]] std::string render_table(const std::vector<history::UsageTotal>& totals,
                                       history::UsageKey key, std::size_t columns);

/// The same as a JSON array on one line.
[[nodiscard]] std::string render_json(
    const std::vector<history::ConversationSummary>& conversations);
[[nodiscard]] std::string render_json(const std::vector<history::Match>& matches);
[[nodiscard]] std::string render_json(const std::vector<history::UsageTotal>& totals,
                                      history::UsageKey key);

/// A conversation in Markdown: all its turns in order. A turn that does not follow the one before
/// it names its parent.
[[nodiscard]] std::string render_markdown(const KeptConversation& conversation);
/// One turn in Markdown, with its details.
[[nodiscard]] std::string render_markdown(const history::Turn& turn);

/// A conversation as one line of JSON, `rellama.conversation/1`.
[[nodiscard]] std::string render_json(const KeptConversation& conversation);
/// A turn as one line of JSON, `rellama.turn/1`.
[[nodiscard]] std::string render_json(const history::Turn& turn);

}  // namespace rellama::program

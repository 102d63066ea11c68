#pragma once

#include <functional>
#include <string>
#include <vector>

#include "history/turn.hpp"
#include "web/conversations.hpp"

namespace rellama::web {

/// {"conversations":[…],"next":…}
[[nodiscard]] std::string render_conversation_list(const ConversationList& list);

/// A conversation with all its messages. `run_of`: the run that answers a turn, if it is under way.
[[nodiscard]] std::string render_conversation(
    const ConversationId& id, const history::ConversationSummary& summary,
    const std::vector<history::Turn>& turns,
    const std::function<std::string(std::int64_t)>& run_of);

/// The path to the current message as Markdown, with a heading for each message and answer.
[[nodiscard]] std::string export_markdown(const history::ConversationSummary& summary,
                                          const std::vector<history::Turn>& turns);

/// All messages as JSON, on several lines.
[[nodiscard]] std::string export_json(const ConversationId& id,
                                      const history::ConversationSummary& summary,
                                      const std::vector<history::Turn>& turns);

}  // namespace rellama::web

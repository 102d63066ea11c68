#include "web/message_id.hpp"

#include "history/turn.hpp"

namespace rellama::web {

std::optional<ConversationId> parse_conversation_id(std::string_view text) {
  const bool in_memory = text.starts_with('m');
  const auto number = history::parse_row_number(text.substr(in_memory ? 1 : 0));
  if (!number) return std::nullopt;
  return ConversationId{.in_memory = in_memory, .number = *number};
}

std::string render_conversation_id(const ConversationId& id) {
  return (id.in_memory ? "m" : "") + std::to_string(id.number);
}

std::optional<MessageId> parse_message_id(std::string_view text) {
  const bool is_answer = text.starts_with('a');
  if (!is_answer && !text.starts_with('u')) return std::nullopt;
  const auto turn = history::parse_row_number(text.substr(1));
  if (!turn) return std::nullopt;
  return MessageId{.is_answer = is_answer, .turn = *turn};
}

std::string render_message_id(const MessageId& id) {
  return (id.is_answer ? "a" : "u") + std::to_string(id.turn);
}

}  // namespace rellama::web

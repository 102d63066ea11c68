#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rellama::web {

/// A conversation: `12` is in the history, `m12` only in this process.
struct ConversationId {
  bool in_memory = false;
  std::int64_t number = 0;

  bool operator==(const ConversationId&) const = default;
};

[[nodiscard]] std::optional<ConversationId> parse_conversation_id(std::string_view text);
[[nodiscard]] std::string render_conversation_id(const ConversationId& id);

/// A message of a conversation: `u3` is what the user wrote in turn 3, `a3` the answer.
struct MessageId {
  bool is_answer = false;
  std::int64_t turn = 0;
};

[[nodiscard]] std::optional<MessageId> parse_message_id(std::string_view text);
[[nodiscard]] std::string render_message_id(const MessageId& id);

}  // namespace rellama::web

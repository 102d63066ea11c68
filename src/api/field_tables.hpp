#pragma once

#include <span>

#include "api/field.hpp"

namespace rellama::api {

// https://platform.openai.com/docs/api-reference
extern const FieldTable chat_fields;
extern const FieldTable chat_message_fields;
extern const FieldTable completion_fields;
extern const FieldTable response_fields;
extern const FieldTable response_item_fields;
extern const FieldTable stream_option_fields;

// https://github.com/ollama/ollama/blob/main/docs/api.md
extern const FieldTable ollama_chat_fields;
extern const FieldTable ollama_message_fields;
extern const FieldTable ollama_generate_fields;
extern const FieldTable ollama_option_fields;

// https://docs.anthropic.com/en/api/messages
extern const FieldTable anthropic_fields;
extern const FieldTable anthropic_message_fields;

// The parts of a message, in all protocols.
extern const FieldTable part_fields;

/// All tables, in the order of the documentation.
[[nodiscard]] std::span<const FieldTable* const> field_tables() noexcept;

}  // namespace rellama::api

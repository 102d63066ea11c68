#pragma once

#include "prompt/conversation.hpp"

namespace rellama::prompt {

/// The input that takes a conversation as a list of messages with roles; null if the model has
/// none.
[[nodiscard]] const SchemaInput* find_messages_input(const Target& target);

/// Whether the prompt is sent as a message of that input, rather than as text: a conversation if
/// the model does not require a text as well, a single prompt if the model takes nothing else. Not
/// if the user sets the input.
[[nodiscard]] bool is_sent_as_messages(const Target& target, const GenerationParameters& parameters,
                                       bool is_conversation);

/// Renders a conversation as messages, `[{"role":"user","content":"Hi"}]`, without the turns that
/// do not fit into the context window. The system prompt is the first message if the model has no
/// input for it. Throws Error as `render_transcript` does.
[[nodiscard]] RenderedPrompt render_messages(const Target& target, const Transcript& transcript,
                                             const GenerationParameters& parameters);

}  // namespace rellama::prompt

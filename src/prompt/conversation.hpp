#pragma once

#include <string_view>
#include <vector>

#include "prompt/catalogue.hpp"
#include "prompt/render.hpp"
#include "rellama/transcript.hpp"

namespace rellama::prompt {

/// What was said, for a model of `family`.
struct Conversation {
  const std::vector<Turn>& earlier;  ///< the oldest first
  std::string_view prompt;           ///< the newest message
  const CatalogueFamily* family;     ///< null: not in the catalogue
  const TokenEstimate& tokens;
};

struct RenderedConversation {
  Input input;
  PromptFit fit;
};

/// The input that makes the model read the conversation in its own form, without the turns that
/// find no room. Throws Error (invalid_input) as `render_input` does, and, where the window is
/// known, for a newest message that does not fit into it alone.
[[nodiscard]] RenderedConversation render_conversation(const Target& target,
                                                       const Conversation& conversation,
                                                       const GenerationParameters& parameters);

}  // namespace rellama::prompt

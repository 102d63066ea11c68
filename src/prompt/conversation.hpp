#pragma once

#include <string_view>
#include <vector>

#include "prompt/catalogue.hpp"
#include "prompt/render.hpp"
#include "rellama/transcript.hpp"

namespace rellama::prompt {

/// The messages of a conversation, for a model of `family`.
struct Transcript {
  const std::vector<Turn>& earlier;  ///< oldest first
  std::string_view prompt;           ///< the newest message
  const CatalogueFamily* family;     ///< null: not in the catalogue
  const TokenEstimate& tokens;
  std::string_view answer_start = {};  ///< what the model continues; blank: nothing
};

struct RenderedPrompt {
  Input input;
  PromptFit fit;  ///< all zero if the prompt is not part of a conversation
};

/// Renders a conversation in the format the model was trained on, without the turns that do not fit
/// into its context window. Throws Error (invalid_input) like `render_input`, and if the context
/// window is known and too small for the newest message alone.
[[nodiscard]] RenderedPrompt render_transcript(const Target& target, const Transcript& transcript,
                                               const GenerationParameters& parameters);

}  // namespace rellama::prompt

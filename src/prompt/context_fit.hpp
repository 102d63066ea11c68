#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "prompt/conversation.hpp"

namespace rellama::prompt {

/// The default that the model's schema gives an input, as text; nullopt if it gives none.
[[nodiscard]] std::optional<std::string> default_of(const Target& target, std::string_view name);

/// Fits a conversation into the model's context window: counts the tokens of its earlier `turns`,
/// as they are sent, and decides how many are dropped. `fixed` is the number of all other tokens,
/// `input` says how many are reserved for the answer. Throws Error (invalid_input) if the window is
/// known and too small without any turn.
[[nodiscard]] PromptFit fit_context(const Target& target, const Transcript& transcript,
                                    const Input& input, const std::vector<std::string>& turns,
                                    std::int64_t fixed);

/// The tokens of a system prompt that is an input of its own: they are in the context window too.
[[nodiscard]] std::int64_t system_tokens(const TokenEstimate& tokens, const Input& input);

/// Checks that a prompt that is not part of a conversation fits the context window of the model, if
/// that is known and inputs are validated. Throws Error (invalid_input).
void check_fits(const Target& target, const Transcript& transcript, const Input& input);

/// Removes the turns that are dropped: the oldest, but the first last, since it says what the
/// conversation is about.
template <typename Value>
void drop_turns(std::vector<Value>& turns, std::size_t dropped) {
  const auto first = turns.begin() + (dropped < turns.size() ? 1 : 0);
  turns.erase(first, first + static_cast<std::ptrdiff_t>(dropped));
}

}  // namespace rellama::prompt

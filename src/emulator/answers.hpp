#pragma once

#include <string>
#include <string_view>

#include "emulator/prompt_handling.hpp"

namespace rellama::emulator {

/// Returns the reply of a canned model, chosen by keywords in the last turn. The same prompt always
/// gets the same reply.
[[nodiscard]] std::string canned_answer(const SeenPrompt& seen);

/// Returns the last turn of the user in a text that may hold a whole conversation.
[[nodiscard]] std::string_view last_turn(std::string_view text);

}  // namespace rellama::emulator

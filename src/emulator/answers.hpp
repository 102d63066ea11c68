#pragma once

#include <string>
#include <string_view>

#include "emulator/treatment.hpp"

namespace rellama::emulator {

/// What a canned model says to a prompt: always the same to the same, chosen by what the last turn
/// asks for.
[[nodiscard]] std::string canned_answer(const SeenPrompt& seen);

/// The last thing the user said in a text that holds a whole conversation.
[[nodiscard]] std::string_view last_turn(std::string_view text);

}  // namespace rellama::emulator

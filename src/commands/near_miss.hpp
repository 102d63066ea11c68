#pragma once

#include <string>
#include <vector>

#include "options/context.hpp"

namespace rellama::program {

/// The command that was probably meant by the words of a prompt, such as "models list" by "model
/// list" and "auth login" by "login". Empty if they are a prompt.
[[nodiscard]] std::string find_meant_command(const std::vector<std::string>& words,
                                             const Context& context);

/// How to send words as a prompt although the first is a command, for messages.
[[nodiscard]] std::string as_prompt(const std::vector<std::string>& words);

/// Throws Error (invalid_input) if the words of arguments that name no command were probably meant
/// to: a prompt is billed.
void refuse_near_miss(const Arguments& arguments, const Context& context);

}  // namespace rellama::program

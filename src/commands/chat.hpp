#pragma once

#include "commands/context.hpp"

namespace rellama::commands {

/// `rellama chat`: a conversation, at a terminal or from a script.
int run_chat(const Arguments& arguments, const Context& context);

}  // namespace rellama::commands

#pragma once

#include "commands/context.hpp"

namespace rellama::commands {

/// Asks once and prints the answer; gives the exit code. Throws Error.
int run_ask(const Arguments& arguments, const Context& context);

}  // namespace rellama::commands

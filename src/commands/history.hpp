#pragma once

#include "commands/context.hpp"

namespace rellama::commands {

/// `rellama history`: what was asked and answered before. Gives the exit code. Throws Error.
int run_history(const Arguments& arguments, const Context& context);

}  // namespace rellama::commands

#pragma once

#include "commands/context.hpp"

namespace rellama::commands {

/// Runs `rellama models` with the arguments behind that word and gives the exit code. Throws Error.
int run_models(const Arguments& arguments, const Context& context);

}  // namespace rellama::commands

#pragma once

#include "commands/context.hpp"

namespace rellama::commands {

/// Lists, shows, follows or cancels predictions that were started before, here or elsewhere; gives
/// the exit code. Throws Error.
int run_predictions(const Arguments& arguments, const Context& context);

}  // namespace rellama::commands

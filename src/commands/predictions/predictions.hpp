#pragma once

#include "options/context.hpp"

namespace rellama::program {

/// Lists, shows, follows or cancels predictions that were started before, here or elsewhere; gives
/// the exit code. Throws Error.
int run_predictions(const Arguments& arguments, const Context& context);

}  // namespace rellama::program

#pragma once

#include "options/context.hpp"

namespace rellama::program {

/// `rellama predictions`: lists, shows, follows or cancels predictions started earlier, here or
/// elsewhere. Returns the exit code. Throws Error.
int run_predictions(const Arguments& arguments, const Context& context);

}  // namespace rellama::program

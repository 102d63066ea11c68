#pragma once

#include "options/context.hpp"

namespace rellama::program {

/// `rellama batch`: runs many prompts, and manages such runs. Returns the exit code. Throws Error.
int run_batch(const Arguments& arguments, const Context& context);

}  // namespace rellama::program

#pragma once

#include "options/context.hpp"

namespace rellama::program {

/// `rellama compare`: runs a prompt with several models or parameters. Returns the exit code.
/// Throws Error.
int run_compare(const Arguments& arguments, const Context& context);

}  // namespace rellama::program

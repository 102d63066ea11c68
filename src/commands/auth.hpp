#pragma once

#include "options/context.hpp"

namespace rellama::program {

/// `rellama auth login|status|logout`. Returns the exit code. Throws Error.
int run_auth(const Arguments& arguments, const Context& context);

}  // namespace rellama::program

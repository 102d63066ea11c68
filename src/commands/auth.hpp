#pragma once

#include "commands/context.hpp"

namespace rellama::commands {

/// `rellama auth login|status|logout`; gives the exit code. Throws Error.
int run_auth(const Arguments& arguments, const Context& context);

}  // namespace rellama::commands

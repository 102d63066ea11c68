#pragma once

#include "commands/context.hpp"

namespace rellama::commands {

/// `rellama config path|show|edit`; gives the exit code. Throws Error.
int run_config(const Arguments& arguments, const Context& context);

}  // namespace rellama::commands

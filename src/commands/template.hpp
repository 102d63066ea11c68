#pragma once

#include "commands/context.hpp"

namespace rellama::commands {

/// `rellama template list|show|save|edit|delete`; gives the exit code. Throws Error.
int run_template(const Arguments& arguments, const Context& context);

}  // namespace rellama::commands

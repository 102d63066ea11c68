#pragma once

#include "commands/context.hpp"

namespace rellama::commands {

/// `rellama compare`: one prompt, several models or parameters, side by side.
int run_compare(const Arguments& arguments, const Context& context);

}  // namespace rellama::commands

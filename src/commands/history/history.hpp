#pragma once

#include "options/context.hpp"

namespace rellama::program {

/// `rellama history`: what was asked and answered before. Gives the exit code. Throws Error.
int run_history(const Arguments& arguments, const Context& context);

}  // namespace rellama::program

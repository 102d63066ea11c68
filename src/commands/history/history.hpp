#pragma once

#include "options/context.hpp"

namespace rellama::program {

/// `rellama history`: works with past conversations. Returns the exit code. Throws Error.
int run_history(const Arguments& arguments, const Context& context);

}  // namespace rellama::program

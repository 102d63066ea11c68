#pragma once

#include "options/context.hpp"

namespace rellama::program {

/// `rellama config path|show|edit`. Returns the exit code. Throws Error.
int run_config(const Arguments& arguments, const Context& context);

}  // namespace rellama::program

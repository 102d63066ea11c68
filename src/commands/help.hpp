#pragma once

#include "options/context.hpp"

namespace rellama::program {

/// `rellama help [COMMAND [SUBCOMMAND]]`: prints the same as `rellama COMMAND --help`.
int run_help(const Arguments& arguments, const Context& context);

/// `rellama version`: prints the version.
int run_version(const Arguments& arguments, const Context& context);

}  // namespace rellama::program

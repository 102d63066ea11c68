#pragma once

#include "options/context.hpp"

namespace rellama::program {

/// `rellama template list|show|save|edit|delete`. Returns the exit code. Throws Error.
int run_template(const Arguments& arguments, const Context& context);

}  // namespace rellama::program

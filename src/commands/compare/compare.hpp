#pragma once

#include "options/context.hpp"

namespace rellama::program {

/// `rellama compare`: one prompt, several models or parameters, side by side.
int run_compare(const Arguments& arguments, const Context& context);

}  // namespace rellama::program

#pragma once

#include "options/context.hpp"

namespace rellama::program {

/// `rellama serve`: a page in the browser. Returns the exit code. Throws Error.
int run_serve(const Arguments& arguments, const Context& context);

}  // namespace rellama::program

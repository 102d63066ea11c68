#pragma once

#include "options/context.hpp"

namespace rellama::program {

/// `rellama models`: lists the known models, shows one, or searches Replicate. Returns the exit
/// code. Throws Error.
int run_models(const Arguments& arguments, const Context& context);

}  // namespace rellama::program

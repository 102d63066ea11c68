#pragma once

#include "options/context.hpp"

namespace rellama::program {

/// Lists the models that rellama knows, shows what one takes, or searches Replicate for more; gives
/// the exit code. Throws Error.
int run_models(const Arguments& arguments, const Context& context);

}  // namespace rellama::program

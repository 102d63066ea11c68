#pragma once

#include "options/context.hpp"

namespace rellama::program {

/// `rellama emulator`: serves until it is told to stop, then gives the exit code of the signal.
/// Throws Error.
int run_emulator(const Arguments& arguments, const Context& context);

}  // namespace rellama::program

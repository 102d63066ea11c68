#pragma once

#include "options/context.hpp"

namespace rellama::program {

/// `rellama doctor`: diagnoses setup problems. Returns the exit code of the first failure, or 0.
/// Throws Error.
int run_doctor(const Arguments& arguments, const Context& context);

}  // namespace rellama::program

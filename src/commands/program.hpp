#pragma once

#include "options/context.hpp"

namespace rellama::program {

/// Runs the command that the arguments name, or `ask`; gives the exit code. Throws nothing: an
/// error is reported on stderr, in one line.
int run_program(const Arguments& arguments, const Context& context) noexcept;

}  // namespace rellama::program

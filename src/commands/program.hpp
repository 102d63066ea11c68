#pragma once

#include <string_view>

#include "options/context.hpp"

namespace rellama::program {

/// What is reported if there is no memory for more.
inline constexpr std::string_view kOutOfMemory =
    "rellama: out of memory: close other programs or ask for less\n";

/// Runs the command that the arguments name, or `ask`; gives the exit code. Throws nothing: an
/// error is reported on stderr, in one line.
int run_program(const Arguments& arguments, const Context& context) noexcept;

}  // namespace rellama::program

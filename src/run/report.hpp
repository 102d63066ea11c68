#pragma once

#include "options/context.hpp"
#include "rellama/error.hpp"

namespace rellama::program {

/// Writes the error to stderr as one line and returns its exit code.
int report(const Error& error, const Context& context, bool color);

}  // namespace rellama::program

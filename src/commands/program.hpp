#pragma once

#include <string>

#include "commands/context.hpp"
#include "rellama/error.hpp"

namespace rellama::commands {

/// Runs the command that the arguments name, or `ask`; gives the exit code. Throws nothing: an
/// error is reported on stderr, in one line.
int run_program(const Arguments& arguments, const Context& context) noexcept;

/// Writes the error to stderr, in one line, and gives its exit code.
int report(const Error& error, const Context& context, bool color);

/// What stands below the options in `rellama --help`: commands, exit codes, examples.
[[nodiscard]] std::string render_footer();

/// What somebody sees who asked for nothing.
[[nodiscard]] std::string render_short_help();

}  // namespace rellama::commands

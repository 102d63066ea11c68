#pragma once

#include <span>
#include <string>

#include "options/command.hpp"

namespace rellama::program {

/// The notes of `rellama --help`: examples, commands, exit codes.
[[nodiscard]] std::string render_help_footer(std::span<const Command> commands);

/// The short help printed when there is nothing to ask.
[[nodiscard]] std::string render_short_help();

}  // namespace rellama::program

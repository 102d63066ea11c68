#pragma once

#include <span>

#include "options/command.hpp"

namespace rellama::program {

/// All commands. Help, completions, man pages and the configuration are derived from this table and
/// from the parsers behind it.
[[nodiscard]] std::span<const Command> command_table() noexcept;

/// Throws Error (invalid_input) if the first argument is probably a misspelled command: it is
/// similar to one, and is either the only input or followed by one of that command's subcommands.
void refuse_misspelled_command(const Arguments& arguments, const Context& context);

}  // namespace rellama::program

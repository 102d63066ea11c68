#pragma once

#include <span>

#include "options/command.hpp"

namespace rellama::program {

/// All commands. Help, completions, man pages and the configuration are derived from this table and
/// from the parsers behind it.
[[nodiscard]] std::span<const Command> command_table() noexcept;

}  // namespace rellama::program

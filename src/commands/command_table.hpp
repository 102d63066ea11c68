#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "commands/context.hpp"

namespace rellama::commands {

/// A word that is a command as the first argument.
struct Command {
  std::string_view name;
  std::string_view summary;  ///< empty: it is for programs, and not listed
  int (*run)(const Arguments&, const Context&);
  bool has_settings = true;  ///< whether a [COMMAND] table of the configuration can be for it
};

/// All of them. What help, completions, man pages and the configuration know of commands is from
/// here, and what they know of options from the parsers behind it.
[[nodiscard]] std::span<const Command> commands() noexcept;

/// The command of that name, or null.
[[nodiscard]] const Command* find_command(std::string_view name) noexcept;

/// The names of those that are listed.
[[nodiscard]] std::vector<std::string> command_names();

/// Hands the parser of a command, or of one of its subcommands, to `look`; false if there is no
/// such subcommand.
bool inspect(const Command& command, const std::string& subcommand, const Context& context,
             const std::function<void(CLI::App&)>& look);

/// Throws Error (invalid_input) where the first argument was probably meant to be a command: it is
/// nearly one, and alone with nothing on standard input, or before one of its subcommands.
void refuse_misspelled_command(const Arguments& arguments, const Context& context);

}  // namespace rellama::commands

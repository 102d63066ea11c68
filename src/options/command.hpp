#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "options/context.hpp"

namespace rellama::program {

/// A command: the first word of the command line.
struct Command {
  std::string_view name;
  std::string_view summary;  ///< empty for a command that only other programs run; not listed
  int (*run)(const Arguments&, const Context&);
  bool has_settings = true;  ///< whether the configuration may hold a [COMMAND] table for it
};

/// The command of that name, or null.
[[nodiscard]] const Command* find_command(std::span<const Command> commands,
                                          std::string_view name) noexcept;

/// The names of the listed commands.
[[nodiscard]] std::vector<std::string> command_names(std::span<const Command> commands);

/// Calls `visit` with the parser of a command or of one of its subcommands. Returns false if there
/// is no such subcommand.
bool inspect(const Command& command, const std::string& subcommand, const Context& context,
             const std::function<void(CLI::App&)>& visit);

}  // namespace rellama::program

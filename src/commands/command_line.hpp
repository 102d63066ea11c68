#pragma once

#include "options/command.hpp"
#include "options/context.hpp"

namespace rellama::program {

/// A command line: the command and its arguments.
struct CommandLine {
  const Command* command = nullptr;  ///< null: a prompt
  Arguments arguments = {};
  bool quiet = false;  ///< -q came before a command that has no such option
};

/// Finds the command: the first word. Options of `rellama ask` may come before it and become
/// options of the command. Throws Error (invalid_input) if it does not have one of them, or if a
/// prompt was probably meant to be a command.
[[nodiscard]] CommandLine read_command_line(const Arguments& arguments, const Context& context);

}  // namespace rellama::program

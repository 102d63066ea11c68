#pragma once

#include <string>

#include "options/command.hpp"
#include "options/context.hpp"

namespace rellama::program {

/// The man page of a command in man(7) format, generated from the same parser as its `--help`.
[[nodiscard]] std::string render_man_page(const Command& command, const Context& context);

/// `rellama __man DIRECTORY`: writes the man pages of all commands to a directory, for the build.
int run_man(const Arguments& arguments, const Context& context);

}  // namespace rellama::program

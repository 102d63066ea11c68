#pragma once

#include <string>

#include "options/command.hpp"
#include "options/context.hpp"

namespace rellama::program {

/// The page of a command in the form of man(7), made of the same parser as its `--help`.
[[nodiscard]] std::string render_man_page(const Command& command, const Context& context);

/// `rellama __man DIRECTORY`: writes the pages of all commands there, for the build.
int run_man(const Arguments& arguments, const Context& context);

}  // namespace rellama::program

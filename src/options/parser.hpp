#pragma once

#include <map>
#include <string>

#include "options/context.hpp"

namespace rellama::program {

/// Makes a command's parser, with what all of them share: `--help`, and help in one layout.
/// `name` is how the command is called: "rellama auth login".
void prepare(CLI::App& app, const std::string& name);

/// Whether options that no flag sets get what variables and files say (option_settings.hpp).
enum class Settings { apply, leave };

/// Parses the arguments; false if help was asked for and has been printed. In the names of options
/// underscores work as well as dashes. Throws Error (invalid_input) for what cannot be parsed.
[[nodiscard]] bool parse(CLI::App& app, const Arguments& arguments, const Context& context,
                         Settings settings = Settings::apply);

/// As `parse`, for a command that takes a prompt: `words` gets what is no option, as it was typed,
/// and everything behind `--`. (CLI11 itself would read a word such as "[a,b]" as a list.)
[[nodiscard]] bool parse_with_words(CLI::App& app, const Arguments& arguments,
                                    std::vector<std::string>& words, const Context& context,
                                    Settings settings = Settings::apply);

}  // namespace rellama::program

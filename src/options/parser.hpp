#pragma once

#include <map>
#include <string>

#include "options/context.hpp"

namespace rellama::program {

/// Sets up what all parsers share: `--help`, see help_text.hpp. `name` is the full name of the
/// command: "rellama auth login".
void prepare(CLI::App& app, const std::string& name);

/// Whether options without a flag are set from variables and files (option_settings.hpp).
enum class Settings { apply, leave };

/// Parses the arguments. Returns false if help was requested and has been printed. Option names may
/// contain underscores instead of dashes. Throws Error (invalid_input).
[[nodiscard]] bool parse(CLI::App& app, const Arguments& arguments, const Context& context,
                         Settings settings = Settings::apply);

/// As `parse`, for a command that takes a prompt: `words` receives everything that is not an
/// option, as typed, and everything after `--`. (CLI11 itself would parse "[a,b]" as a list.)
[[nodiscard]] bool parse_with_words(CLI::App& app, const Arguments& arguments,
                                    std::vector<std::string>& words, const Context& context,
                                    Settings settings = Settings::apply);

}  // namespace rellama::program

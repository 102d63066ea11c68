#pragma once

#include <span>
#include <string>

#include "options/command.hpp"
#include "settings/config_file.hpp"
#include "settings/saved_prompt.hpp"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace rellama::program {

/// The command a parser belongs to: "ask", "models", …
[[nodiscard]] std::string command_of(const CLI::App& app);

/// Whether the configuration can set an option.
[[nodiscard]] bool is_settable(const CLI::Option* option);

/// Checks that every key is an option: of a prompt at the top level and in profiles, and of the
/// running command in its own table. Throws Error (invalid_input) with the file and line,
/// suggesting a similar key.
void check_keys(const settings::ConfigFile& file, const CLI::App& app,
                std::span<const Command> commands);

/// Checks that a template sets only model options of `app`. Throws Error (invalid_input) as
/// `check_keys` does.
void check_template_keys(const settings::SavedPrompt& prompt_template, const CLI::App& app);

/// The table of a profile. Throws Error (invalid_input) if there is none, suggesting a similar
/// name.
[[nodiscard]] const settings::ConfigSection& require_profile(const settings::ConfigFile& file,
                                                             const std::string& name);

}  // namespace rellama::program

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

/// The command that a parser is for: "ask", "models", …
[[nodiscard]] std::string command_of(const CLI::App& app);

/// Whether a file can set an option at all.
[[nodiscard]] bool is_settable(const CLI::Option* option);

/// Checks that every key in the tables is an option: of a prompt at the top and in profiles, of the
/// command that runs in its own table. Throws Error (invalid_input) with the place and the nearest
/// right key.
void check_keys(const settings::ConfigFile& file, const CLI::App& app,
                std::span<const Command> commands);

/// Checks that a template sets nothing but what `app` has about the model. Throws Error
/// (invalid_input) likewise.
void check_template_keys(const settings::SavedPrompt& prompt_template, const CLI::App& app);

/// The table of a profile. Throws Error (invalid_input) with the nearest name if there is none.
[[nodiscard]] const settings::ConfigSection& require_profile(const settings::ConfigFile& file,
                                                             const std::string& name);

}  // namespace rellama::program

#pragma once

#include <string>
#include <vector>

#include "options/context.hpp"
#include "settings/precedence.hpp"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace rellama::program {

/// An option, and where what it is set to came from.
struct OptionOrigin {
  const CLI::Option* option = nullptr;
  settings::Setting setting;  ///< `built_in` without values where nothing sets it
};

/// Gives the options that no flag has set what RELLAMA_ variables, the template, the profile and
/// the configuration say, as if they had been flags. An option of a group stands for the same in
/// every command; those without a group are set by the `[COMMAND]` table only. A flag that excludes
/// another turns off what is set for that one further down. Gives every option of the command that
/// can be set. Throws Error (invalid_input) that names the place, for what cannot be used.
std::vector<OptionOrigin> apply_settings(CLI::App& app, const Context& context);

/// Throws Error (invalid_input) as `apply_settings` would for the parser or any of its subcommands.
void check_settings(CLI::App& app, const Context& context);

/// Gives the options what one table says, as if they had been flags. Throws Error (invalid_input)
/// for what cannot be used.
void apply_table(CLI::App& app, const settings::Layer& table);

/// The long name of an option, without dashes in front.
[[nodiscard]] std::string name_of(const CLI::Option& option);

/// A value of an option as it can be shown: without a password that is in it.
[[nodiscard]] std::string shown_value(const CLI::Option& option, const std::string& value);

/// What an option is without anybody setting it, for people.
[[nodiscard]] std::string built_in_value(const CLI::Option& option);

/// Whether an option can be set in the configuration file only.
[[nodiscard]] bool is_file_only(const CLI::Option& option);

}  // namespace rellama::program

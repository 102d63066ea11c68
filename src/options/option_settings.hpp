#pragma once

#include <vector>

#include "options/context.hpp"
#include "options/option_value.hpp"
#include "settings/precedence.hpp"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace rellama::program {

/// An option, and where its value came from.
struct OptionOrigin {
  const CLI::Option* option = nullptr;
  settings::Setting setting;  ///< `built_in` without values if nothing sets it
};

/// Sets the options without a flag from RELLAMA_ variables, the template, the profile and the
/// configuration, as if they had been flags. An option in a group means the same in every command;
/// one without a group is set only by the `[COMMAND]` table. A flag turns off lower settings of the
/// options it excludes. Returns every option that can be set. Throws Error (invalid_input) that
/// names the place of an unusable setting.
std::vector<OptionOrigin> apply_settings(CLI::App& app, const Context& context);

/// Throws Error (invalid_input) as `apply_settings` would for the parser or any of its subcommands.
void check_settings(CLI::App& app, const Context& context);

/// Sets options from one table, as if they had been flags. Throws Error (invalid_input) that names
/// the place of an unusable setting.
void apply_table(CLI::App& app, const settings::Layer& table);

}  // namespace rellama::program

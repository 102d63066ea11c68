#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "settings/precedence.hpp"

namespace CLI {
class Option;
}

namespace rellama::program {

/// The type of an option's value, which decides what a configuration file may set it to and what a
/// shell completes.
enum class ValueType { flag, text, file, url, secret, integer, number, duration, size };

/// The type of an option, derived from its metavar: `N` is an integer, `DUR` a duration.
[[nodiscard]] ValueType value_type(const CLI::Option& option);

/// The type that a metavar stands for; text if it stands for no other.
[[nodiscard]] ValueType type_of_metavar(std::string_view metavar) noexcept;

/// The placeholder for an option's value in help: "N", "TEXT|@FILE". Empty for a flag.
[[nodiscard]] std::string metavar_of(const CLI::Option& option);

/// The long name of an option, without dashes in front.
[[nodiscard]] std::string name_of(const CLI::Option& option);

/// Whether an option takes no value.
[[nodiscard]] bool is_flag(const CLI::Option& option);

/// Whether an option takes several values.
[[nodiscard]] bool is_repeatable(const CLI::Option& option);

/// The words an option declared with `one_of` accepts; none for any other.
[[nodiscard]] std::vector<std::string> choices_of(CLI::Option& option);

/// The description of an option with its default: "randomness, 0 to 5 [0.5]".
[[nodiscard]] std::string describe(const CLI::Option& option);

/// The kind of value that an option takes: "it takes a whole number".
[[nodiscard]] std::string describe_kind(const CLI::Option& option);

/// The default of an option, for people; empty if there is none.
[[nodiscard]] std::string built_in_value(const CLI::Option& option);

/// A value of an option for display, without a secret and the password in a URL.
[[nodiscard]] std::string shown_value(const CLI::Option& option, const std::string& value);

/// A setting as it was written, but without secrets: `config.toml:3: top_p = 2`.
[[nodiscard]] std::string render_setting(const CLI::Option& option,
                                         const settings::Setting& setting);

/// The values of a setting as CLI11 takes them from the command line; none if it turns a flag off.
/// Throws Error (invalid_input) if its kind is wrong for the option.
[[nodiscard]] std::vector<std::string> values_for(const CLI::Option& option,
                                                  const settings::Setting& setting);

/// Whether an option has a value, or is a flag that is not turned off.
[[nodiscard]] bool is_on(const CLI::Option& option);

/// Sets an option as if it had been given on the command line. CLI11 converts and checks the
/// values. Throws Error (invalid_input) that names the place of the setting.
void assign(CLI::Option& option, const settings::Setting& setting);

}  // namespace rellama::program

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "rellama/generation_parameters.hpp"
#include "rellama/input.hpp"

namespace rellama::prompt {

/// The type of a parameter's value.
enum class ParameterType { text, text_list, integer, number };

/// Where GenerationParameters stores a parameter.
using ParameterField = std::variant<std::optional<std::string> GenerationParameters::*,
                                    std::vector<std::string> GenerationParameters::*,
                                    std::optional<std::int64_t> GenerationParameters::*,
                                    std::optional<double> GenerationParameters::*>;

/// The value to send if the user sets none. Texts are long, so a pointer refers to one.
using DefaultValue = std::variant<std::monostate, std::int64_t, double, const std::string_view*>;

/// One parameter of GenerationParameters. Flags, saved options, `/set`, `--sweep`, checks and the
/// input that is sent all come from the table of these, so that a new parameter is one new row.
struct Parameter {
  std::string_view name;     ///< as Replicate writes it: "max_new_tokens"
  std::string_view option;   ///< the long option, without dashes in front: "max-new-tokens"
  char short_option = '\0';  ///< the option of one letter, if it has one
  /// Other names of the option: "max-tokens".
  std::span<const std::string_view> option_aliases = {};
  /// The names that models use for the input, preferred name first; empty if all use `name`.
  std::span<const std::string_view> model_names = {};
  ParameterField field;
  DefaultValue default_value = {};
  /// Describes a default that is not a number: "random".
  std::string_view default_description = {};
  /// The bounds of the most permissive build. Each build's own bounds are in the catalogue.
  std::optional<double> minimum = {};
  std::optional<double> maximum = {};
  std::string_view range_note = {};  ///< "off": what is special about the range
  std::string_view summary;          ///< "longest answer in tokens"
  /// The parameter that this one must not exceed.
  std::string_view limited_by = {};
  bool repeatable = false;  ///< Whether the option can be repeated.
  /// Whether the option also takes a file (`@FILE`). The program then reads the file later.
  bool takes_file = false;

  [[nodiscard]] ParameterType type() const noexcept {
    return static_cast<ParameterType>(field.index());
  }
};

/// All parameters, in the order in which help lists them.
[[nodiscard]] std::span<const Parameter> parameters() noexcept;

/// The parameter with this name; null if there is none.
[[nodiscard]] const Parameter* find_parameter(std::string_view name) noexcept;

/// The parameter whose option has this name ("max-tokens" or "max_tokens", without dashes in
/// front); null if there is none.
[[nodiscard]] const Parameter* find_by_option(std::string_view option) noexcept;

/// rellama's name for an input that a model calls `name`, or `name` itself if there is none.
[[nodiscard]] std::string_view parameter_of(std::string_view name) noexcept;

/// Whether the parameter is set.
[[nodiscard]] bool is_set(const Parameter& parameter, const GenerationParameters& values) noexcept;

/// The values of a parameter that is set, as its option takes them.
[[nodiscard]] std::vector<std::string> render_values(const Parameter& parameter,
                                                     const GenerationParameters& values);

/// Whether anything is set: a parameter, or another input.
[[nodiscard]] bool sets_anything(const GenerationParameters& values) noexcept;

/// Unsets the parameter.
void reset(const Parameter& parameter, GenerationParameters& values) noexcept;

/// The default as an input; nullopt if the model picks one.
[[nodiscard]] std::optional<InputValue> find_default(const Parameter& parameter);

/// The default for people: "0.5", "random"; empty if there is none.
[[nodiscard]] std::string describe_default(const Parameter& parameter);

/// One line of help, without the default: "randomness, 0 to 5 (older builds: from 0.01)".
[[nodiscard]] std::string describe(const Parameter& parameter);

/// The shortest form of a number: "0.01", "5".
[[nodiscard]] std::string render_number(double value);

}  // namespace rellama::prompt

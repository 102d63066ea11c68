#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "rellama/model_ref.hpp"

namespace rellama::prompt {

/// The type of a model input.
enum class InputType { boolean, integer, number, string };

/// One input that a build takes.
struct InputSpec {
  std::string_view name;       ///< the build's own name for it: what goes over the wire
  std::string_view parameter;  ///< rellama's name for the same thing
  InputType type;
  std::optional<double> minimum = {};
  std::optional<double> maximum = {};
};

/// What a build does to the prompt it is sent.
enum class PromptForm {
  bare,              ///< it puts the prompt into its own template
  instruction_tags,  ///< it strips the letters of [INST] and [/INST] first, so they must be there
};

/// One generation of a model's code: two models of the same build take the same inputs in the same
/// way.
struct Build {
  /// Whether its inputs are known. An unknown build is sent what the user asked for and no
  /// defaults.
  bool known = false;
  PromptForm form = PromptForm::bare;
  std::span<const InputSpec> inputs;
};

/// The build behind a reference, as far as it can be told without asking the server.
[[nodiscard]] const Build& find_build(const ModelRef& ref) noexcept;

/// The input of `build` that goes by `name`, be it the build's own name, rellama's or the older or
/// newer name of the same thing (`max_tokens`, `max_new_tokens`); null if there is none.
[[nodiscard]] const InputSpec* find_input(const Build& build, std::string_view name) noexcept;

}  // namespace rellama::prompt

#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "rellama/catalogue.hpp"
#include "rellama/model_ref.hpp"

namespace rellama::prompt {

/// The type of a model input. `any` is whatever JSON the model's schema allows.
enum class InputType { boolean, integer, number, string, any };

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
  std::string_view name = {};
  /// Whether `inputs` are all that it takes. Where they are not, what a user asks for goes out by
  /// whatever name it has.
  bool complete = false;
  /// Whether rellama's own defaults are sent.
  bool takes_defaults = false;
  PromptForm form = PromptForm::bare;
  std::span<const InputSpec> inputs = {};
};

/// The build behind a reference, as far as it can be told without asking the server.
[[nodiscard]] const Build& find_build(const ModelRef& ref, const Catalogue& catalogue = {});

/// The input of `build` that goes by `name`, be it the build's own name, rellama's or another
/// model's name of the same thing (`max_tokens`, `max_new_tokens`, `max_length`); null if there is
/// none.
[[nodiscard]] const InputSpec* find_input(const Build& build, std::string_view name) noexcept;

}  // namespace rellama::prompt

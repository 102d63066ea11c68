#pragma once

#include <string_view>

#include "prompt/build.hpp"
#include "prompt/input_schema.hpp"
#include "rellama/generation_parameters.hpp"
#include "rellama/input.hpp"

namespace rellama::prompt {

/// Converts text set by the user for the input `name` (`-o NAME=TEXT`) to the type of the build's
/// input. If the build does not list the input, numbers, `true` and `false` get the type they look
/// like, and anything else is a string. Throws Error (invalid_input) if the text does not have the
/// type.
[[nodiscard]] InputValue parse_input_value(const Build& build, std::string_view name,
                                           std::string_view text);

/// What an input is rendered for, and whether to validate it.
struct Target {
  ModelRef model;  ///< as named by the user, for messages
  Build build;
  const InputSchema* schema = nullptr;  ///< the model's own schema, if available
  Validation validation = Validation::full;
};

/// Renders the input so that the model sees exactly `prompt`, with every parameter under the
/// build's name and with its type. Throws Error (invalid_input) if a parameter is out of range (the
/// message has the range), if the model has no such input, or if the prompt is blank or not UTF-8.
[[nodiscard]] Input render_input(const Target& target, std::string_view prompt,
                                 const GenerationParameters& parameters);

}  // namespace rellama::prompt

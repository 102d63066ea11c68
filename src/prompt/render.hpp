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

/// How files reach the model.
enum class Files {
  uploaded,  ///< small ones as `data:` URLs, the others are uploaded
  inlined,   ///< as `data:` URLs
};

/// What an input is rendered for, and whether to validate it.
struct Target {
  ModelRef model;  ///< as named by the user, for messages
  Build build;
  const InputSchema* schema = nullptr;  ///< the model's own schema, if available
  Validation validation = Validation::full;
  Files files = Files::uploaded;
};

/// Renders the input so that the model sees exactly `prompt`, with every parameter under the
/// build's name and with its type. If the model has no input called `prompt`, its text goes to the
/// only text input that is required and not set otherwise. A blank prompt is left out if the model
/// does not need it and other inputs are set. Throws Error (invalid_input) if a parameter is out of
/// range (the message has the range), if the model has no such input, or if the prompt is missing
/// or not UTF-8.
[[nodiscard]] Input render_input(const Target& target, std::string_view prompt,
                                 const GenerationParameters& parameters);

}  // namespace rellama::prompt

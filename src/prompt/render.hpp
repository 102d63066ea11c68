#pragma once

#include <string_view>

#include "prompt/build.hpp"
#include "prompt/input_schema.hpp"
#include "rellama/generation_parameters.hpp"
#include "rellama/input.hpp"

namespace rellama::prompt {

/// Gives text that a user wrote for the input `name` (`-o NAME=TEXT`) the type that the build's
/// input has. Where the build does not list the input, a number and `true` or `false` are taken for
/// what they look like and all else for a string. Throws Error (invalid_input) for text that cannot
/// have the type.
[[nodiscard]] InputValue parse_input_value(const Build& build, std::string_view name,
                                           std::string_view text);

/// What an input is made for, and how strictly.
struct Target {
  ModelRef model;  ///< as the user named it, for messages
  Build build;
  const InputSchema* schema = nullptr;  ///< the model's own, where it is at hand
  Validation validation = Validation::full;
};

/// The input that makes the model see exactly `prompt`, with every parameter under the build's own
/// name and of its type. Throws Error (invalid_input), with the range, for a parameter that is out
/// of range or that the model does not take, and for a prompt that is blank or not UTF-8.
[[nodiscard]] Input render_input(const Target& target, std::string_view prompt,
                                 const GenerationParameters& parameters);

}  // namespace rellama::prompt

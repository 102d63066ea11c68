#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "prompt/build.hpp"
#include "rellama/input.hpp"

namespace rellama::prompt {

// If a check fails, it throws Error (invalid_input) that says what is allowed.

/// Checks that `text`, called `what` in the message, is UTF-8.
void check_text(std::string_view what, std::string_view text);

/// Whether `text` is empty or all whitespace.
[[nodiscard]] bool is_blank(std::string_view text);

/// Checks that the prompt is not blank.
void check_not_blank(std::string_view prompt);

/// Checks that a template contains `{prompt}`, and no stray braces.
void check_template(std::string_view text);

/// Checks that a stop sequence is not empty and has no commas, at which models split the list.
void check_stop_sequence(std::string_view sequence);

/// Checks that the value has the type of the input and is in its range, and that a template is
/// valid.
void check_value(const ModelRef& model, const InputSpec& spec, const InputValue& value);

/// Checks that JSON can represent the value of an input that the build does not list.
void check_unlisted_value(const InputField& field);

/// Checks that the inputs do not contradict each other.
void check_together(const ModelRef& model, const Input& input);

/// A type for messages, such as "a whole number".
[[nodiscard]] std::string describe_type(InputType type);

/// A range for messages, such as "0.01 to 5"; empty if there are no bounds.
[[nodiscard]] std::string describe_range(const std::optional<double>& minimum,
                                         const std::optional<double>& maximum);

}  // namespace rellama::prompt

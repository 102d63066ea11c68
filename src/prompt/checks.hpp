#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "prompt/build.hpp"
#include "rellama/input.hpp"

namespace rellama::prompt {

// Each check throws Error (invalid_input) with what is allowed.

/// `text`, called `what` in the message, is UTF-8.
void check_text(std::string_view what, std::string_view text);

/// The prompt says something.
void check_not_blank(std::string_view prompt);

/// A template has its placeholder, and no brace that would be a mistake.
void check_template(std::string_view text);

/// A stop sequence is not empty and holds no comma, at which the models cut the list.
void check_stop_sequence(std::string_view sequence);

/// The value has the type of the input and lies in its range; a template has its placeholder.
void check_value(const ModelRef& model, const InputSpec& spec, const InputValue& value);

/// The value of an input that the build does not list can be sent at all.
void check_unlisted_value(const InputField& field);

/// The inputs make sense with each other.
void check_together(const ModelRef& model, const Input& input);

/// "a whole number".
[[nodiscard]] std::string describe_type(InputType type);

/// "0.01 to 5"; empty where there are no bounds.
[[nodiscard]] std::string describe_range(const std::optional<double>& minimum,
                                         const std::optional<double>& maximum);

}  // namespace rellama::prompt

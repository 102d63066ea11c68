#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "prompt/input_schema.hpp"
#include "rellama/input.hpp"

namespace rellama::prompt {

/// What is shown and stored instead of a secret.
inline constexpr std::string_view kSecretMark = "…";

/// The names of those of `fields` that are secret: marked as such in the schema, or, if there is
/// none, named like a secret: `openai_api_key`.
[[nodiscard]] std::vector<std::string> find_secrets(const Input& fields, const InputSchema* schema);

/// As above if nothing is known about the model's inputs, and also those that could be secret for
/// all that is known: of unknown names, with values that are neither numbers nor flags.
[[nodiscard]] std::vector<std::string> find_possible_secrets(const Input& fields);

/// Replaces the values of the fields in `names`.
void hide_fields(Input& input, const std::vector<std::string>& names);

}  // namespace rellama::prompt

#pragma once

#include <string>
#include <string_view>

#include "batch/record.hpp"
#include "rellama/generate.hpp"

namespace rellama::batch {

/// The error of a row that cannot be sent.
[[nodiscard]] Error unusable_row(std::string why, std::string remedy = {});

/// The text of a field. Throws Error (invalid_input) if it is not a string.
[[nodiscard]] std::string require_text(const Json& value, std::string_view name);

/// Sets the prompt, the earlier turns and the system prompt from a list of `{role, content}`.
/// Returns whether they have a system message. Throws Error (invalid_input) if it is not a
/// conversation in which the user says something.
[[nodiscard]] bool set_messages(const Json& value, GenerateRequest& request);

}  // namespace rellama::batch

#pragma once

#include "batch/record.hpp"
#include "rellama/generate.hpp"

namespace rellama::batch {

/// Takes a row of OpenAI's batch format (`custom_id`, `method`, `url`, `body`) into `request`.
/// Throws Error (invalid_input) for an endpoint or a member of the body that cannot be honored:
/// nothing is ignored that would change the answer.
void take_openai_row(const Json& fields, GenerateRequest& request);

/// Whether the row asks for a chat completion, as opposed to a completion.
[[nodiscard]] bool is_chat(const Json& fields);

}  // namespace rellama::batch

#pragma once

#include <string>

#include "options/model_options.hpp"
#include "rellama/client.hpp"

namespace rellama::program {

/// Sets options, or inputs of the model as -o does: `KEY=VALUE`, `KEY:=JSON` or `KEY VALUE`, one or
/// several. `KEY=` restores the default. Throws Error (invalid_input).
void set_inputs(ModelOptions& options, const std::string& assignments);

/// The inputs of a create request other than the prompt, one per line.
[[nodiscard]] std::string render_inputs(const PreparedRequest& request);

}  // namespace rellama::program

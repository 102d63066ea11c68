#pragma once

#include <string>

#include "options/model_options.hpp"
#include "rellama/client.hpp"

namespace rellama::program {

/// Sets an option, or an input of the model as -o does, from `KEY=VALUE`; `KEY=` restores the
/// default. Throws Error (invalid_input).
void set_input(ModelOptions& options, const std::string& assignment);

/// The inputs of a create request other than the prompt, one per line.
[[nodiscard]] std::string render_inputs(const PreparedRequest& request);

}  // namespace rellama::program

#pragma once

#include <string>

#include "options/model_options.hpp"
#include "rellama/client.hpp"

namespace rellama::program {

/// Sets what `KEY=VALUE` says, by the name of an option of ours or of an input of the model, as -o
/// takes it; `KEY=` goes back to the default. Throws Error (invalid_input) for what cannot be read.
void set_input(ModelOptions& options, const std::string& assignment);

/// The inputs that a create request sends beside its prompt, a line each.
[[nodiscard]] std::string render_inputs(const PreparedRequest& request);

}  // namespace rellama::program

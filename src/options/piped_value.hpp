#pragma once

#include "options/context.hpp"
#include "options/model_options.hpp"
#include "options/prompt_options.hpp"
#include "rellama/stop.hpp"

namespace rellama::program {

/// Whether an option takes its value from standard input: -s @-, -o KEY=@- or -p KEY=@-.
[[nodiscard]] bool has_piped_value(const ModelOptions& model, const PromptOptions& prompt);

/// Reads standard input for the option that wants it, so that the prompt does not. Throws Error
/// (invalid_input) if there is more than one use for it.
void read_piped_value(ModelOptions& model, PromptOptions& prompt, const Context& context,
                      const StopToken& stop);

}  // namespace rellama::program

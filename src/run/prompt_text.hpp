#pragma once

#include <string>

#include "options/context.hpp"
#include "options/model_options.hpp"
#include "options/prompt_options.hpp"
#include "rellama/error.hpp"
#include "rellama/stop.hpp"

namespace rellama::program {

/// Reads standard input if an option takes its value from there; see `read_piped_value`. --timeout
/// does not apply yet.
void read_piped(ModelOptions& model, PromptOptions& prompt, const std::string& timeout,
                const Context& context);

/// Opens the editor on the text of the sources and stores the result in `options.draft`. Checks the
/// template first. `timeout`, the argument of --timeout, applies to what is read before, but not
/// while the user writes. Throws Error (invalid_input) if the text is empty.
void edit_prompt(PromptOptions& options, const std::string& timeout, const Context& context);

/// Saves the draft, if there is one, after an error that occurred before a prediction was created.
void save_draft(const PromptOptions& options, const Error& error, const Context& context);

/// Whether there is nothing to ask without a prompt.
enum class NeedsPrompt {
  yes,
  unless_set,  ///< the text may be in another input, set with -o
};

/// Composes the prompt: the draft or the sources, filled into the template if there is one.
/// Throws Error (invalid_input) if there is nothing to ask or something cannot be used.
[[nodiscard]] std::string compose_prompt(const PromptOptions& options, const Context& context,
                                         const StopToken& stop,
                                         NeedsPrompt needs_prompt = NeedsPrompt::yes);

}  // namespace rellama::program

#pragma once

#include <optional>
#include <string>

#include "options/context.hpp"
#include "options/prompt_input.hpp"
#include "options/template_options.hpp"
#include "rellama/error.hpp"
#include "rellama/stop.hpp"

namespace rellama::program {

/// What a prompt is made of.
struct QuestionOptions {
  PromptSources sources;
  bool editor = false;
  std::optional<std::string> written = {};  ///< in the editor: it takes the place of the sources
  TemplateOptions prompt_template;

  /// Whether there is anything to ask with `in` as standard input.
  [[nodiscard]] bool empty(const terminal::InputStream& in) const {
    return sources.empty(in) && !editor && prompt_template.name.empty();
  }
};

/// Lets the user write what is asked, beginning with what the sources hold. Throws Error
/// (invalid_input) if nothing is written, and first for a template that could not be filled with
/// it. Somebody who writes has all the time: that of the run begins afterwards.
void write_question(QuestionOptions& options, const Context& context);

/// Keeps what was written, if anything was, after an error that came before a prediction.
void keep_question(const QuestionOptions& options, const Error& error, const Context& context);

/// Puts the prompt together: what was written or the sources hold, in its place in the template if
/// there is one. Throws Error (invalid_input) for what cannot be used, or if there is nothing to
/// ask.
[[nodiscard]] std::string read_question(const QuestionOptions& options, const Context& context,
                                        const StopToken& stop);

}  // namespace rellama::program

#pragma once

#include <optional>
#include <string>

#include "options/prompt_input.hpp"
#include "options/template_options.hpp"

namespace rellama::program {

/// What a prompt is composed of.
struct PromptOptions {
  PromptSources sources;
  bool editor = false;
  std::optional<std::string> draft = {};  ///< text from the editor; replaces the sources
  TemplateOptions prompt_template;

  /// Whether there is nothing to ask, with `in` as standard input.
  [[nodiscard]] bool empty(const terminal::InputStream& in) const {
    return sources.empty(in) && !editor && prompt_template.name.empty();
  }
};

}  // namespace rellama::program

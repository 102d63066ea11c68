#pragma once

#include <string>
#include <vector>

#include "settings/saved_prompt.hpp"

namespace CLI {
class App;
}

namespace rellama::program {

/// The TOML of a template: what is set of the options of `app` about the model, and the texts that
/// are not empty.
[[nodiscard]] std::string render_template(const CLI::App& app, const std::string& description,
                                          const std::string& prompt);

/// Names, descriptions and places, a template a line. A template that cannot be used says why in
/// place of its description.
[[nodiscard]] std::string render_templates(const std::vector<settings::SavedPrompt>& templates);

/// The same facts as a JSON array.
[[nodiscard]] std::string render_templates_json(
    const std::vector<settings::SavedPrompt>& templates);

/// One template as a JSON object.
[[nodiscard]] std::string render_template_json(const settings::SavedPrompt& prompt_template);

/// What `rellama template edit` begins a new template with.
extern const std::string_view template_example;

}  // namespace rellama::program

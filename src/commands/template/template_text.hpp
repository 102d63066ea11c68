#pragma once

#include <string>
#include <vector>

#include "settings/saved_prompt.hpp"

namespace CLI {
class App;
}

namespace rellama::program {

/// The TOML of a template: the model options set in `app`, and the texts that are not empty.
[[nodiscard]] std::string render_template(const CLI::App& app, const std::string& description,
                                          const std::string& prompt);

/// A table with the name, description and path of each template. An invalid template has the reason
/// as its description.
[[nodiscard]] std::string render_templates(const std::vector<settings::SavedPrompt>& templates,
                                           std::size_t columns);

/// The same facts as a JSON array.
[[nodiscard]] std::string render_templates_json(
    const std::vector<settings::SavedPrompt>& templates);

/// One template as a JSON object.
[[nodiscard]] std::string render_template_json(const settings::SavedPrompt& prompt_template);

/// The text of a new template.
extern const std::string_view template_example;

}  // namespace rellama::program

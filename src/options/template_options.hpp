#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "options/context.hpp"
#include "settings/saved_prompt.hpp"

namespace rellama::program {

/// The template of a prompt; the same for every command that takes one.
struct TemplateOptions {
  std::string name;
  std::vector<std::string> parameters;  ///< the arguments of -p: KEY=VALUE
};

void declare(CLI::App& app, TemplateOptions& options);

/// Where the user's own templates are, if there is a configuration directory.
[[nodiscard]] std::optional<std::filesystem::path> template_directory(const Context& context);

/// The template of that name. Throws Error (invalid_input) with the nearest name if there is none.
[[nodiscard]] settings::SavedPrompt require_template(const std::string& name,
                                                     const Context& context);

/// The template chosen, if one is. Its settings are options already: see option_settings.hpp.
/// Throws Error (invalid_input) for parameters that it does not have, or without one.
[[nodiscard]] std::optional<settings::SavedPrompt> find_template(const TemplateOptions& options,
                                                                 const Context& context);

/// What the template does with what the user asks.
enum class InputUse { none, optional, required };
[[nodiscard]] InputUse input_use(const settings::SavedPrompt& prompt_template);

/// The prompt of the template with `input`, if there is any, and the parameters in their places.
/// Throws Error (invalid_input) for a parameter that is missing.
[[nodiscard]] std::string fill_template(const settings::SavedPrompt& prompt_template,
                                        const TemplateOptions& options,
                                        const std::optional<std::string>& input);

}  // namespace rellama::program

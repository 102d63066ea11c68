#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "options/context.hpp"
#include "settings/saved_prompt.hpp"

namespace rellama::program {

/// The template of a prompt; shared by every command that takes one.
struct TemplateOptions {
  std::string name;
  std::vector<std::string> parameters;    ///< the arguments of -p: KEY=VALUE
  std::optional<std::string> piped = {};  ///< standard input, if KEY=@- has taken it
};

void declare(CLI::App& app, TemplateOptions& options);

/// The directory of the user's own templates; empty if there is no configuration directory.
[[nodiscard]] std::optional<std::filesystem::path> template_directory(const Context& context);

/// The template of that name. Throws Error (invalid_input) if there is none, suggesting a similar
/// name.
[[nodiscard]] settings::SavedPrompt require_template(const std::string& name,
                                                     const Context& context);

/// The chosen template, if any. Its settings have already been applied to the options: see
/// option_settings.hpp. Throws Error (invalid_input) for unknown parameters, or for parameters
/// without a template.
[[nodiscard]] std::optional<settings::SavedPrompt> find_template(const TemplateOptions& options,
                                                                 const Context& context);

/// The parameters, by name, with the contents of files. Throws Error (invalid_input).
[[nodiscard]] std::map<std::string, std::string> parse_parameters(const TemplateOptions& options,
                                                                  const StopToken& stop);

/// Whether a template takes {{input}}.
enum class InputUse { none, optional, required };
[[nodiscard]] InputUse input_use(const settings::SavedPrompt& prompt_template);

/// Fills `input`, if any, and the parameters into the template's prompt. Throws Error:
/// invalid_input for a missing parameter, or why `stop` was requested.
[[nodiscard]] std::string fill_template(const settings::SavedPrompt& prompt_template,
                                        const TemplateOptions& options,
                                        const std::optional<std::string>& input,
                                        const StopToken& stop);

}  // namespace rellama::program

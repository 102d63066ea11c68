#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "settings/config_file.hpp"

namespace rellama::settings {

/// A prompt saved for reuse, with its settings: what users call a template.
struct SavedPrompt {
  std::string name;
  std::string description;
  std::string prompt;      ///< with placeholders (placeholders.hpp); at least `{{input}}`
  ConfigSection settings;  ///< system, model, temperature, …
  std::string where;       ///< its file, or "built in"
  std::string text;        ///< the TOML it was read from
};

/// A template that is compiled in.
struct BuiltInTemplate {
  std::string_view name;
  std::string_view text;
};

/// The templates that come with rellama, sorted by name.
[[nodiscard]] const std::vector<BuiltInTemplate>& built_in_templates();

/// The file of one of the user's own templates. Throws Error (invalid_input) if the name has other
/// characters than letters, digits, `_`, `-` and `.`, or starts with a dot or a dash.
[[nodiscard]] std::filesystem::path template_path(const std::filesystem::path& directory,
                                                  const std::string& name);

/// Parses a template. The names of its settings are not checked. Throws Error (invalid_input).
[[nodiscard]] SavedPrompt parse_template(const std::string& name, std::string_view text,
                                         const std::string& where);

/// Finds the user's own template in `directory`, else the built-in one of that name. Throws Error
/// (invalid_input) if it cannot be read.
[[nodiscard]] std::optional<SavedPrompt> find_template(
    const std::optional<std::filesystem::path>& directory, const std::string& name);

/// The names of all templates, the user's own and the built-in ones, sorted.
[[nodiscard]] std::vector<std::string> template_names(
    const std::optional<std::filesystem::path>& directory);

}  // namespace rellama::settings

#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "settings/config_file.hpp"

namespace rellama::settings {

/// A prompt that is kept for use again, with what goes with it.
struct PromptTemplate {
  std::string name;
  std::string description;
  std::string prompt;      ///< with placeholders (placeholders.hpp); at least `{{input}}`
  ConfigSection settings;  ///< system, model, temperature, …
  std::string where;       ///< its file, or "built in"
  std::string text;        ///< the TOML it was read from
};

/// A template as it is compiled in.
struct BuiltInTemplate {
  std::string_view name;
  std::string_view text;
};

/// Those that come with rellama, by name.
[[nodiscard]] const std::vector<BuiltInTemplate>& built_in_templates();

/// Where a template of the user's is kept. Throws Error (invalid_input) for what cannot be a name:
/// letters, digits, `_`, `-` and `.` can, a leading dot or dash cannot.
[[nodiscard]] std::filesystem::path template_path(const std::filesystem::path& directory,
                                                  const std::string& name);

/// Reads a template. Which settings there are is not known here. Throws Error (invalid_input).
[[nodiscard]] PromptTemplate parse_template(const std::string& name, std::string_view text,
                                            const std::string& where);

/// The user's own template in `directory`, else the built-in one of that name; none if there is
/// neither. Throws Error (invalid_input) for one that cannot be read.
[[nodiscard]] std::optional<PromptTemplate> find_template(
    const std::optional<std::filesystem::path>& directory, const std::string& name);

/// The names of all, the user's own among the built-in ones, sorted.
[[nodiscard]] std::vector<std::string> template_names(
    const std::optional<std::filesystem::path>& directory);

}  // namespace rellama::settings

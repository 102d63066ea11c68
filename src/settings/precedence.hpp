#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "settings/config_file.hpp"
#include "system/environment.hpp"

namespace rellama::settings {

/// Where a value can come from, in order of precedence. `command` is the command's own table in the
/// file.
enum class Level { flag, environment, prompt_template, profile, command, file, built_in };

/// "flag", "environment", …; `command` is also "file".
[[nodiscard]] std::string_view name_of(Level level) noexcept;

/// The value of an option.
struct Setting {
  Level level = Level::built_in;
  ValueKind kind = ValueKind::text;
  std::vector<std::string> values = {};
  std::string where = {};  ///< "RELLAMA_MODEL", "/home/ann/.config/rellama/config.toml:3"
  std::string key = {};    ///< the option's name there
};

/// A table to search.
struct Layer {
  Level level = Level::file;
  const ConfigSection* section = nullptr;
  std::string where = {};  ///< its file
};

/// The environment variable of an option: RELLAMA_TOP_P for `top-p`.
[[nodiscard]] std::string variable_of(std::string_view option);

/// Finds the value of an option that no flag sets: from its variable (for `base-url`, also
/// REPLICATE_BASE_URL), else from the first of `layers` that has it, which are in order of
/// precedence. `names` are the option's long names; the first one names the variable. Throws Error
/// (invalid_input) if a layer sets it under two of its names.
[[nodiscard]] std::optional<Setting> find_setting(const std::vector<std::string>& names,
                                                  const system::Environment& environment,
                                                  const std::vector<Layer>& layers);

/// The same without the environment.
[[nodiscard]] std::optional<Setting> find_setting(const std::vector<std::string>& names,
                                                  const std::vector<Layer>& layers);

}  // namespace rellama::settings

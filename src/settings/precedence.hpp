#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "settings/config_file.hpp"
#include "system/environment.hpp"

namespace rellama::settings {

/// Where a value can come from; what is further up goes before what is below it.
/// `command` is the command's own table of the file.
enum class Level { flag, environment, prompt_template, profile, command, file, built_in };

/// "flag", "environment", …; `command` is "file" too.
[[nodiscard]] std::string_view name_of(Level level) noexcept;

/// A value that was found for an option.
struct Setting {
  Level level = Level::built_in;
  ValueKind kind = ValueKind::text;
  std::vector<std::string> values = {};
  std::string where = {};  ///< "RELLAMA_MODEL", "/home/ann/.config/rellama/config.toml:3"
  std::string key = {};    ///< the option as it is called there
};

/// One table that is looked into.
struct Layer {
  Level level = Level::file;
  const ConfigSection* section = nullptr;
  std::string where = {};  ///< the file it stands in
};

/// The variable of an option: RELLAMA_TOP_P for `top-p`.
[[nodiscard]] std::string variable_of(std::string_view option);

/// What an option is set to below the level of flags: by its variable (of `base-url`, also
/// REPLICATE_BASE_URL), else by the first of `layers` that has it, which come in their order of
/// precedence. `names` are the option's long names, the first of which names the variable. Throws
/// Error (invalid_input) where a layer sets it twice, by two of its names.
[[nodiscard]] std::optional<Setting> find_setting(const std::vector<std::string>& names,
                                                  const system::Environment& environment,
                                                  const std::vector<Layer>& layers);

/// The same without the environment.
[[nodiscard]] std::optional<Setting> find_setting(const std::vector<std::string>& names,
                                                  const std::vector<Layer>& layers);

}  // namespace rellama::settings

#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "settings/toml_document.hpp"

namespace rellama::settings {

/// The value that a file sets for one option.
struct ConfigEntry {
  std::string name;  ///< the option's long name, with dashes
  std::string key;   ///< as written in the file: `top_p` for `top-p`
  ValueKind kind = ValueKind::other;
  std::vector<std::string> values;
  int line = 0;
};

/// The entries of one table, in file order.
struct ConfigSection {
  int line = 0;
  std::vector<ConfigEntry> entries;

  /// The entry for an option; null if there is none.
  [[nodiscard]] const ConfigEntry* find(std::string_view name) const;
};

/// `config.toml`. The names are not checked here: see options/option_settings.hpp.
struct ConfigFile {
  std::filesystem::path path;
  ConfigSection top;
  std::map<std::string, ConfigSection> profiles = {};  ///< `[profile.NAME]`
  std::map<std::string, ConfigSection> commands = {};  ///< `[NAME]`, for one command only
  bool group_can_write = false;
};

/// Refuses a file that its group can change if `section` has a setting that decides what is run or
/// where the token goes: a command, an address, a secret. Throws Error (invalid_input) with the
/// command to run.
void refuse_shared(const ConfigSection& section, const std::filesystem::path& path);

/// The path of the configuration, if there is a configuration directory.
[[nodiscard]] std::optional<std::filesystem::path> config_path(
    const std::optional<std::filesystem::path>& config_directory);

/// Parses `text`. Throws Error (invalid_input) with file and line for invalid TOML, a table or a
/// value that no configuration has, an option that is set twice, and an API token, which does not
/// belong in it.
[[nodiscard]] ConfigFile parse_config(std::string_view text, const std::filesystem::path& path);

/// Reads the file, if there is one. Throws Error (invalid_input) as `parse_config` and
/// `system::find_own_text` do.
[[nodiscard]] std::optional<ConfigFile> find_config(const std::filesystem::path& path);

/// Reads a table as options. Throws Error (invalid_input) as `parse_config` does.
[[nodiscard]] ConfigSection make_section(const TomlSection& table, const std::string& where);

/// Names a line of a file: "/home/ann/.config/rellama/config.toml:3".
[[nodiscard]] std::string render_place(const std::string& where, int line);

}  // namespace rellama::settings

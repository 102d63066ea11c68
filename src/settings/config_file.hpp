#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "settings/toml_document.hpp"

namespace rellama::settings {

/// What a file says of one option.
struct ConfigEntry {
  std::string name;  ///< the option's long name, with dashes
  std::string key;   ///< as it stands in the file: `top_p` is `top-p`
  ValueKind kind = ValueKind::other;
  std::vector<std::string> values;
  int line = 0;
};

/// The entries of one table, in the order of the file.
struct ConfigSection {
  int line = 0;
  std::vector<ConfigEntry> entries;

  /// The entry for an option; null if there is none.
  [[nodiscard]] const ConfigEntry* find(std::string_view name) const;
};

/// `config.toml`. Which names there are is not known here: see options/option_settings.hpp.
struct ConfigFile {
  std::filesystem::path path;
  ConfigSection top;
  std::map<std::string, ConfigSection> profiles = {};  ///< `[profile.NAME]`
  std::map<std::string, ConfigSection> commands = {};  ///< `[NAME]`, for one command only
};

/// Where the configuration is, in the configuration directory if there is one.
[[nodiscard]] std::optional<std::filesystem::path> config_path(
    const std::optional<std::filesystem::path>& config_directory);

/// Reads `text`. Throws Error (invalid_input), with file and line, for what is not TOML, for a
/// table or a value that has no place in a configuration, for an option that is set twice, and for
/// an API token: it does not belong there.
[[nodiscard]] ConfigFile parse_config(std::string_view text, const std::filesystem::path& path);

/// Reads the file; none if there is none. Throws Error (invalid_input) as `parse_config` and
/// `system::find_own_text` do.
[[nodiscard]] std::optional<ConfigFile> find_config(const std::filesystem::path& path);

/// A table as options. Throws Error (invalid_input) as `parse_config` does.
[[nodiscard]] ConfigSection make_section(const TomlSection& table, const std::string& where);

/// How a place in a file is named: "/home/ann/.config/rellama/config.toml:3".
[[nodiscard]] std::string render_place(const std::string& where, int line);

}  // namespace rellama::settings

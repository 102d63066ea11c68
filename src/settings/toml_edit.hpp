#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rellama::settings {

/// A key in a TOML document.
struct TomlKey {
  std::vector<std::string> table = {};  ///< "profile", "work"; empty: the top level
  std::vector<std::string> names;       ///< of the key, the preferred one first, with dashes
};

/// The document with the key set to `value`, which is written in TOML. All other lines stay as they
/// are, comments too. Throws Error (invalid_input) if `text` is not TOML, or is written in a way
/// that cannot be changed line by line.
[[nodiscard]] std::string set_toml(const std::string& text, const TomlKey& key,
                                   const std::string& value, const std::string& where);

/// The document without the key; nullopt if it does not have it. Throws as `set_toml` does.
[[nodiscard]] std::optional<std::string> unset_toml(const std::string& text, const TomlKey& key,
                                                    const std::string& where);

}  // namespace rellama::settings

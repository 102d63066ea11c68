#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rellama::settings {

/// What a value in a TOML file is.
enum class ValueKind { boolean, integer, number, text, list, other };

/// One `key = value`.
struct TomlEntry {
  std::string key;
  ValueKind kind = ValueKind::other;
  /// The value as text; of a list, each of its members; of what is `other`, nothing.
  std::vector<std::string> values = {};
  int line = 0;
};

/// A table: the top of the file (an empty path), or what stands below `[profile.work]`.
struct TomlSection {
  std::vector<std::string> path = {};
  int line = 0;
  std::vector<TomlEntry> entries = {};
};

/// Reads a TOML document into its tables, the top first, their entries as they stand in the file.
/// Throws Error (invalid_input), naming `where` the text is from and the line.
[[nodiscard]] std::vector<TomlSection> parse_toml(std::string_view text, const std::string& where);

/// `text` as a TOML string, whatever is in it: in several lines where it has several.
[[nodiscard]] std::string render_toml_string(std::string_view text);

}  // namespace rellama::settings

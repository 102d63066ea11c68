#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rellama::settings {

/// The type of a value in a TOML file.
enum class ValueKind { boolean, integer, number, text, list, other };

/// One `key = value`.
struct TomlEntry {
  std::string key;
  ValueKind kind = ValueKind::other;
  /// The value as text, or each member of a list; empty for `other`.
  std::vector<std::string> values = {};
  int line = 0;
};

/// A table: the top level of the file (an empty path), or what follows `[profile.work]`.
struct TomlSection {
  std::vector<std::string> path = {};
  int line = 0;
  std::vector<TomlEntry> entries = {};
};

/// Parses a TOML document into its tables, the top level first, with entries in file order. Throws
/// Error (invalid_input), naming the text's origin `where` and the line.
[[nodiscard]] std::vector<TomlSection> parse_toml(std::string_view text, const std::string& where);

/// Writes `text` as a TOML string, with several lines if it has several.
[[nodiscard]] std::string render_toml_string(std::string_view text);

}  // namespace rellama::settings

#pragma once

#include <span>
#include <string>
#include <string_view>

namespace rellama::prompt {

/// Where a text is a marker.
enum class MarkerKind {
  literal,     ///< wherever it stands
  line_start,  ///< with nothing but signs and blanks before it on its line
  bar_name,    ///< `<|`, letters, digits and `_`, `|>`: the marker has no text of its own
};

/// Text by which a model tells who is speaking. Upper and lower case of ASCII are the same.
struct Marker {
  std::string_view text;
  MarkerKind kind = MarkerKind::literal;
};

/// `text` with a blank inside of every marker, so that it is one no more: before a colon at its
/// end, else behind its first character. Nothing else changes, and nothing is taken out, so that no
/// new marker can come together from what is left. A marker has at least two characters and no two
/// blanks in a row.
[[nodiscard]] std::string neutralize(std::string_view text, std::span<const Marker> markers);

/// Whether one of the markers stands anywhere in `text`.
[[nodiscard]] bool has_marker(std::string_view text, std::span<const Marker> markers);

}  // namespace rellama::prompt

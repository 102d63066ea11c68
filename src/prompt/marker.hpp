#pragma once

#include <span>
#include <string>
#include <string_view>

namespace rellama::prompt {

/// When a text counts as a marker.
enum class MarkerKind {
  literal,     ///< anywhere
  line_start,  ///< if its line has only punctuation and whitespace before it
  bar_name,    ///< `<|`, then letters, digits and `_`, then `|>`; `Marker::text` is not used
};

/// Text that tells a model who is speaking, such as `[INST]`. ASCII case is ignored.
struct Marker {
  std::string_view text;
  MarkerKind kind = MarkerKind::literal;
};

/// Breaks every marker in `text` with a space: before the colon if the marker ends in one,
/// otherwise after its first character. Nothing is removed, so no new marker can form. Markers must
/// have at least two characters, and must not contain two spaces in a row.
[[nodiscard]] std::string neutralize(std::string_view text, std::span<const Marker> markers);

/// Whether `text` contains any of the markers.
[[nodiscard]] bool has_marker(std::string_view text, std::span<const Marker> markers);

}  // namespace rellama::prompt

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace rellama::terminal {

/// How a piece of text looks. Values can be combined.
enum class TextStyle : std::uint8_t {
  plain = 0,
  strong = 1,
  emphasis = 2,
  code = 4,
  strike = 8,
  underline = 16,
  faint = 32,
};

constexpr TextStyle operator|(TextStyle a, TextStyle b) {
  return static_cast<TextStyle>(static_cast<unsigned>(a) | static_cast<unsigned>(b));
}
constexpr bool has(TextStyle style, TextStyle part) {
  return (static_cast<unsigned>(style) & static_cast<unsigned>(part)) != 0;
}

/// Appends `text`, which must be safe to show, between the escape sequences (ESC [ … m) that turn
/// the style on and off.
void append_styled(std::string& out, std::string_view text, TextStyle style);

/// The width of a text with such sequences, in columns.
[[nodiscard]] std::size_t styled_width(std::string_view text);

}  // namespace rellama::terminal

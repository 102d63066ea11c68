#include "terminal/text_style.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "terminal/display_width.hpp"

namespace rellama::terminal {
namespace {

struct Attribute {
  TextStyle style;
  std::string_view code;  // of Select Graphic Rendition, ECMA-48
};

constexpr std::array kAttributes{
    Attribute{TextStyle::strong, "1"},   Attribute{TextStyle::faint, "2"},
    Attribute{TextStyle::emphasis, "3"}, Attribute{TextStyle::underline, "4"},
    Attribute{TextStyle::strike, "9"},   Attribute{TextStyle::code, "36"},
};

}  // namespace

void append_styled(std::string& out, std::string_view text, TextStyle style) {
  if (style == TextStyle::plain) {
    out += text;
    return;
  }
  out += "\x1b[";
  bool is_first = true;
  for (const Attribute& attribute : kAttributes) {
    if (!has(style, attribute.style)) continue;
    if (!std::exchange(is_first, false)) out += ';';
    out += attribute.code;
  }
  out += 'm';
  out += text;
  out += "\x1b[0m";
}

std::size_t styled_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const std::string_view plain = text.substr(0, text.find('\x1b'));
    width += display_width(plain);
    text.remove_prefix(plain.size());
    text.remove_prefix(text.empty() ? 0 : std::min(text.find('m'), text.size() - 1) + 1);
  }
  return width;
}

}  // namespace rellama::terminal

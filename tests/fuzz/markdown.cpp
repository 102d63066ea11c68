// Markdown rendered for a terminal does not depend on how it was cut, loses nothing, commands
// nothing but attributes, and takes them off at the end of each line. The input: how many columns,
// how to cut, and the text.

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/fuzz.hpp"
#include "terminal/display_width.hpp"
#include "terminal/markdown_renderer.hpp"

namespace rellama::fuzz {
namespace {

using terminal::Glyphs;
using terminal::MarkdownForm;
using terminal::SpanMarks;

std::string render(const std::vector<std::string_view>& pieces, MarkdownForm form, int columns) {
  terminal::MarkdownRenderer renderer(form, [columns] { return columns; });
  std::string rendered;
  for (const std::string_view piece : pieces) {
    const Bytes bytes(piece);
    rendered += renderer.feed(bytes.view());
  }
  rendered += renderer.finish();
  require(renderer.finish().empty(), "what was held back is given once");
  return rendered;
}

// The text without the escape sequences, which set attributes and nothing else.
std::string without_attributes(std::string_view rendered) {
  std::string text;
  bool plain = true;
  while (!rendered.empty()) {
    if (rendered[0] == '\x1b') {
      const std::size_t end = rendered.find('m');
      require(end != std::string_view::npos && rendered.starts_with("\x1b["), "only ESC [ … m");
      const std::string_view codes = rendered.substr(2, end - 2);
      require(codes.find_first_not_of("0123456789;") == std::string_view::npos, "only attributes");
      plain = codes == "0";
      rendered.remove_prefix(end + 1);
      continue;
    }
    const Character character = decode(rendered);
    require(character.valid, "what is shown is UTF-8");
    const bool is_control =
        character.code < 0x20 || (character.code >= 0x7F && character.code < 0xA0);
    require(!is_control || character.code == '\n', "what is shown commands nothing");
    require(character.code != '\n' || plain, "no attribute goes on in the next line");
    text += rendered.substr(0, character.length);
    rendered.remove_prefix(character.length);
  }
  require(plain, "no attribute is left on");
  return text;
}

// Letters, but for the x that ticks a box.
bool is_counted(char c) {
  return ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) && c != 'x' && c != 'X';
}

void check_nothing_is_lost(std::string_view source, std::string_view shown) {
  auto at = shown.begin();
  for (const char c : source) {
    if (!is_counted(c)) continue;
    at = std::find(at, shown.end(), c);
    require(at != shown.end(), "all text is shown, in order");
    ++at;
  }
}

// Without what may be shown in fewer letters: character references, links that are their address.
std::string literal(std::string_view text) {
  std::string literal;
  for (const char c : text) {
    if (c == '(' && literal.ends_with(']')) literal += ' ';
    literal += c == '&' ? '+' : c;
  }
  return literal;
}

// Code is left to the terminal to wrap; everything else is wrapped here.
void check_width(std::string_view shown, std::size_t columns) {
  if (shown.find("───") != std::string_view::npos) return;
  while (!shown.empty()) {
    const std::string_view line = shown.substr(0, shown.find('\n'));
    shown.remove_prefix(std::min(line.size() + 1, shown.size()));
    require(terminal::display_width(line) <= columns, "lines fit");
  }
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c == '\n' || (c >= ' ' && c <= '~'); });
}

}  // namespace
}  // namespace rellama::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rellama::fuzz;
  constexpr std::size_t kWidest = 100;
  Feed feed(data, size);
  const std::size_t columns = feed.number(kWidest) + 1;
  const auto width = static_cast<int>(columns);
  const auto lengths = feed.lengths();
  const std::string_view text = feed.rest();
  // So many that no cell of a table is cut into lines.
  const auto unlimited = static_cast<int>(8 * text.size() + 8);
  for (const SpanMarks marks : {SpanMarks::styles, SpanMarks::written}) {
    const MarkdownForm form{.marks = marks, .glyphs = Glyphs::unicode};
    const std::string rendered = render({text}, form, width);
    require(render(cut(text, lengths), form, width) == rendered, "cutting changes nothing");
    require(render(cut(text, {1}), form, width) == rendered, "single bytes change nothing");
    const std::string shown = without_attributes(rendered);
    if (marks == SpanMarks::written) require(shown == rendered, "no attributes");
    if (is_ascii(text)) check_width(shown, columns);
    const std::string source = literal(text);
    check_nothing_is_lost(source, without_attributes(render({source}, form, unlimited)));
  }
  return 0;
}

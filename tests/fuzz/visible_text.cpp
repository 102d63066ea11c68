// What is shown on a terminal can neither command it nor hide or reorder text, and does not depend
// on how it was cut. The input: how to cut, and the text.

#include "terminal/visible_text.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/fuzz.hpp"

namespace rellama::fuzz {
namespace {

std::string show(const std::vector<std::string_view>& pieces) {
  terminal::VisibleText visible;
  std::string shown;
  for (const std::string_view piece : pieces) {
    const Bytes bytes(piece);
    shown += visible.filter(bytes.view());
  }
  shown += visible.finish();
  require(visible.finish().empty(), "what was held back is given once");
  return shown;
}

bool is_harmless(char32_t code) {
  if (code < 0x20) return code == '\n' || code == '\t';
  const bool is_control = code >= 0x7F && code <= 0x9F;
  const bool is_override = (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
  const bool is_separator = code == 0x2028 || code == 0x2029;
  const bool is_tag = code >= 0xE0000 && code <= 0xE00FF;
  const bool is_invisible = code == 0xAD || code == 0x180E || code == 0x200B || code == 0x3164 ||
                            code == 0xFEFF || (code >= 0x2060 && code <= 0x206F);
  return !is_control && !is_override && !is_separator && !is_tag && !is_invisible;
}

void check_harmless(std::string_view text) {
  while (!text.empty()) {
    const Character character = decode(text);
    require(character.valid, "what is shown is UTF-8");
    require(is_harmless(character.code), "what is shown is harmless");
    text.remove_prefix(character.length);
  }
}

bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c == '\n' || c == '\t' || (c >= ' ' && c <= '~'); });
}

}  // namespace
}  // namespace rellama::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rellama::fuzz;
  Feed feed(data, size);
  const auto lengths = feed.lengths();
  const std::string_view text = feed.rest();
  const std::string shown = show({text});
  check_harmless(shown);
  require(show(cut(text, lengths)) == shown, "cutting the text changes nothing");
  require(show(cut(text, {1})) == shown, "single bytes give what all at once gives");
  require(show({shown}) == shown, "what is harmless passes");
  if (is_plain(text)) require(shown == text, "plain text passes");

  const std::string line = rellama::terminal::one_line(text);
  check_harmless(line);
  require(line.find_first_of("\n\t") == std::string::npos, "one line is one line");
  return 0;
}

// The amended rules are those of https://github.com/tats-u/markdown-cjk-friendly.

#include "markdown/flanking.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>

namespace rellama::markdown {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

constexpr std::array kEastAsian{
    Range{0x1100, 0x11FF}, Range{0x2E80, 0x303F},   Range{0x3040, 0x4DBF}, Range{0x4E00, 0x9FFF},
    Range{0xA960, 0xA97F}, Range{0xAC00, 0xD7FF},   Range{0xF900, 0xFAFF}, Range{0xFE30, 0xFE4F},
    Range{0xFF00, 0xFFEF}, Range{0x20000, 0x3FFFF},
};

constexpr std::array kPunctuation{
    Range{0xA1, 0xA1},     Range{0xA7, 0xA7},     Range{0xAB, 0xAB},     Range{0xB6, 0xB7},
    Range{0xBB, 0xBB},     Range{0xBF, 0xBF},     Range{0x2010, 0x2027}, Range{0x2030, 0x205E},
    Range{0x3001, 0x3003}, Range{0x3008, 0x3011}, Range{0x3014, 0x301F}, Range{0x3030, 0x3030},
    Range{0x30FB, 0x30FB}, Range{0xFE30, 0xFE4F}, Range{0xFF01, 0xFF0F}, Range{0xFF1A, 0xFF20},
    Range{0xFF3B, 0xFF40}, Range{0xFF5B, 0xFF65},
};

constexpr std::array kSpaces{Range{0x09, 0x0D}, Range{0x20, 0x20}, Range{0xA0, 0xA0},
                             Range{0x2000, 0x200A}, Range{0x3000, 0x3000}};

template <std::size_t N>
bool is_in(const std::array<Range, N>& ranges, char32_t code) {
  return std::any_of(ranges.begin(), ranges.end(), [code](const Range& range) {
    return code >= range.first && code <= range.last;
  });
}

bool is_space(char32_t code) {
  return is_in(kSpaces, code);
}

bool is_punctuation_mark(char32_t code) {
  return code < 0x80 ? std::ispunct(static_cast<int>(code)) != 0 : is_in(kPunctuation, code);
}

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

// The character at `at`; a blank at the end.
char32_t character_at(std::string_view text, std::size_t at) {
  if (at >= text.size()) return U' ';
  const auto lead = static_cast<unsigned char>(text[at]);
  if (lead < 0x80) return lead;
  std::size_t size = 1;
  while (at + size < text.size() && size < 4 && is_continuation(text[at + size])) ++size;
  char32_t code = lead & (0xFFU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    code = (code << 6U) | (static_cast<unsigned char>(text[at + i]) & 0x3FU);
  }
  return code;
}

char32_t character_before(std::string_view text, std::size_t at) {
  if (at == 0) return U' ';
  do --at;
  while (at > 0 && is_continuation(text[at]));
  return character_at(text, at);
}

// Whether a run of marks between `outer` and `inner` may open before `inner`, by CommonMark's rule
// and by the amended one. The same holds for closing, with the sides exchanged.
bool flanks(char32_t outer, char32_t inner) {
  return !is_space(inner) &&
         (!is_punctuation_mark(inner) || is_space(outer) || is_punctuation_mark(outer));
}

bool flanks_amended(char32_t outer, char32_t inner) {
  return flanks(outer, inner) ||
         (!is_space(inner) && (is_in(kEastAsian, inner) || is_in(kEastAsian, outer)));
}

}  // namespace

std::string with_letter_marks(std::string_view text) {
  const bool is_ascii = std::none_of(text.begin(), text.end(),
                                     [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
  if (is_ascii) return std::string(text);
  std::string marked;
  marked.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const char mark = text[at];
    if (mark == '\\') {
      marked += text.substr(at, 2);
      at += 2;
      continue;
    }
    if (mark != '*' && mark != '~') {
      marked += text[at++];
      continue;
    }
    const std::size_t end = std::min(text.find_first_not_of(mark, at), text.size());
    const char32_t before = character_before(text, at);
    const char32_t after = character_at(text, end);
    if (!flanks(after, before) && flanks_amended(after, before)) marked += kLetterMark;
    marked += text.substr(at, end - at);
    if (!flanks(before, after) && flanks_amended(before, after)) marked += kLetterMark;
    at = end;
  }
  return marked;
}

}  // namespace rellama::markdown

// One loop over the text: find the longest run that is safe, append it, then handle the character
// after it. Nearly all text is one safe run, and is returned without being copied.

#include "terminal/visible_text.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace rellama::terminal {
namespace {

unsigned byte_at(std::string_view text, std::size_t index) {
  return static_cast<unsigned char>(text[index]);
}

// Without branches: the compiler vectorizes a loop over this.
constexpr unsigned char is_special(char c) {
  const auto byte = static_cast<unsigned char>(c);
  const bool printable = static_cast<unsigned char>(byte - 0x20) < 0x5F;
  return static_cast<unsigned char>(!(printable | (byte == '\n') | (byte == '\t')));
}

// How many bytes at the start are printable ASCII, line feeds or tabs.
std::size_t plain_length(std::string_view text) {
  constexpr std::size_t kBlock = 64;
  std::size_t length = 0;
  for (; length + kBlock <= text.size(); length += kBlock) {
    unsigned char special = 0;
    for (std::size_t i = 0; i < kBlock; ++i) {
      special = static_cast<unsigned char>(special | is_special(text[length + i]));
    }
    if (special != 0) break;
  }
  while (length < text.size() && is_special(text[length]) == 0) ++length;
  return length;
}

struct Character {
  enum class Kind { whole, cut, invalid } kind;
  std::size_t length = 1;
  char32_t code = 0;
};

// Reads the character at the start of `text`, which is not empty. By RFC 3629, overlong forms,
// surrogates and anything above U+10FFFF are invalid.
Character decode(std::string_view text) {
  const unsigned lead = byte_at(text, 0);
  if (lead < 0x80) return {Character::Kind::whole, 1, lead};
  if (lead < 0xC2 || lead > 0xF4) return {Character::Kind::invalid};
  const std::size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  char32_t code = lead & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if (i == text.size()) return {Character::Kind::cut};
    const unsigned next = byte_at(text, i);
    unsigned lowest = 0x80;
    unsigned highest = 0xBF;
    if (i == 1) {
      if (lead == 0xE0) lowest = 0xA0;
      if (lead == 0xED) highest = 0x9F;
      if (lead == 0xF0) lowest = 0x90;
      if (lead == 0xF4) highest = 0x8F;
    }
    if (next < lowest || next > highest) return {Character::Kind::invalid};
    code = (code << 6U) | (next & 0x3FU);
  }
  return {Character::Kind::whole, length, code};
}

struct Range {
  char32_t first;
  char32_t last;
};

// How a character beyond ASCII is shown.
enum class Showing {
  mark,          // a terminal would obey it, or it hides or reorders text
  joiner,        // U+200C and U+200D: as it is in emoji and in the scripts that need it
  presentation,  // U+FE0E and U+FE0F: as it is after what has a text and an emoji form
  variant,       // other variation selectors: as it is after what has such variants
};

struct Special {
  Range range;
  Showing showing = Showing::mark;
};

// In ascending order. From Unicode 15.1: Default_Ignorable_Code_Point (DerivedCoreProperties.txt),
// the controls, and what else is invisible or changes the direction of text.
constexpr std::array kSpecial{
    Special{{0x0080, 0x009F}},  // C1 controls: U+009B starts an escape sequence
    Special{{0x00AD, 0x00AD}},  // soft hyphen
    Special{{0x034F, 0x034F}},  // combining grapheme joiner
    Special{{0x061C, 0x061C}},  // Arabic letter mark
    Special{{0x115F, 0x1160}},  // Hangul fillers
    Special{{0x17B4, 0x17B5}},  // inherent vowels of Khmer
    Special{{0x180B, 0x180D}, Showing::variant},
    Special{{0x180E, 0x180E}},  // Mongolian vowel separator
    Special{{0x180F, 0x180F}, Showing::variant},
    Special{{0x200B, 0x200B}},  // zero width space
    Special{{0x200C, 0x200D}, Showing::joiner},
    Special{{0x200E, 0x200F}},  // left-to-right and right-to-left mark
    Special{{0x2028, 0x202E}},  // line and paragraph separator, bidirectional embedding, override
    Special{{0x2060, 0x206F}},  // word joiner, invisible operators, bidirectional isolates
    Special{{0x3164, 0x3164}},  // Hangul filler
    Special{{0xFE00, 0xFE0D}, Showing::variant},
    Special{{0xFE0E, 0xFE0F}, Showing::presentation},
    Special{{0xFEFF, 0xFEFF}},    // byte order mark
    Special{{0xFFA0, 0xFFA0}},    // halfwidth Hangul filler
    Special{{0xFFF0, 0xFFFB}},    // reserved, interlinear annotation
    Special{{0x13430, 0x1343F}},  // format controls of hieroglyphs
    Special{{0x1BCA0, 0x1BCA3}},  // format controls of shorthand
    Special{{0x1D173, 0x1D17A}},  // format controls of musical notation
    Special{{0xE0000, 0xE00FF}},  // tags: invisible copies of ASCII
    Special{{0xE0100, 0xE01EF}, Showing::variant},
    Special{{0xE01F0, 0xE0FFF}},
};

template <std::size_t size>
bool is_in(char32_t code, const std::array<Range, size>& ranges) {
  return std::any_of(ranges.begin(), ranges.end(), [code](const Range& range) {
    return code >= range.first && code <= range.last;
  });
}

// Signs with an emoji form beyond ASCII, also after their skin tone or their variation selector.
constexpr std::array kEmoji{Range{0xA9, 0xA9},      Range{0xAE, 0xAE},     Range{0x203C, 0x203C},
                            Range{0x2049, 0x2049},  Range{0x20E3, 0x20E3}, Range{0x2122, 0x2BFF},
                            Range{0x3030, 0x303D},  Range{0x3297, 0x3299}, Range{0xFE0F, 0xFE0F},
                            Range{0x1F000, 0x1FAFF}};

// Scripts in which letters join: Arabic and its relatives, those of India and of its neighbors.
constexpr std::array kJoining{
    Range{0x0600, 0x109F}, Range{0x1700, 0x18AF}, Range{0x1900, 0x1CFF},   Range{0xA800, 0xABFF},
    Range{0xFB50, 0xFDFF}, Range{0xFE70, 0xFEFC}, Range{0x10A00, 0x11FFF}, Range{0x1E900, 0x1E95F}};

// Ideographs, mathematical signs, and the letters of Mongolian, Myanmar and Phags-pa.
constexpr std::array kVarying{
    Range{0x1000, 0x109F}, Range{0x1800, 0x18AF}, Range{0x2205, 0x2AFF},
    Range{0x3001, 0x9FFF}, Range{0xA840, 0xA87F}, Range{0xAA60, 0xAA7F},
    Range{0xF900, 0xFAFF}, Range{0xFF01, 0xFF1F}, Range{0x20000, 0x3FFFF}};

bool is_keycap(char32_t code) {
  return code == '#' || code == '*' || (code >= '0' && code <= '9');
}

// Whether `code`, which comes after `before`, is shown by a mark.
bool is_unsafe(char32_t code, char32_t before) {
  const auto* const found =
      std::lower_bound(kSpecial.begin(), kSpecial.end(), code,
                       [](const Special& special, char32_t c) { return special.range.last < c; });
  if (found == kSpecial.end() || code < found->range.first) return false;
  switch (found->showing) {
    case Showing::mark: return true;
    case Showing::joiner:
      return !is_in(before, kJoining) && (code == 0x200C || !is_in(before, kEmoji));
    case Showing::presentation:
      return before == 0xFE0F || !(is_in(before, kEmoji) || is_keycap(before));
    case Showing::variant: return !is_in(before, kVarying);
  }
  return true;
}

// How many bytes at the start are safe to show.
// `before` is the character in front, and becomes the last of them.
std::size_t clean_length(std::string_view text, char32_t& before) {
  std::size_t length = 0;
  while (true) {
    const std::size_t plain = plain_length(text.substr(length));
    length += plain;
    if (plain > 0) before = byte_at(text, length - 1);
    while (length < text.size() && byte_at(text, length) >= 0x80) {
      const Character character = decode(text.substr(length));
      if (character.kind != Character::Kind::whole || is_unsafe(character.code, before)) {
        return length;
      }
      length += character.length;
      before = character.code;
    }
    if (length == text.size() || is_special(text[length]) != 0) return length;
  }
}

void append_hex(std::string& shown, std::uint32_t value, std::size_t digits) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  while (digits > 0) {
    --digits;
    shown += kDigits[(value >> (4 * digits)) & 0xFU];
  }
}

void append_byte_mark(std::string& shown, unsigned byte) {
  shown += '<';
  append_hex(shown, byte, 2);
  shown += '>';
}

void append_mark(std::string& shown, char32_t code) {
  if (code < 0x20 || code == 0x7F) {
    // The control pictures U+2400 to U+2421.
    const char32_t picture = code == 0x7F ? 0x21 : code;
    shown += "\xE2\x90";
    shown += static_cast<char>(0x80 + picture);
    return;
  }
  shown += "<U+";
  append_hex(shown, code, code > 0xFFFF ? 5 : 4);
  shown += '>';
}

// Shows the character that ended a safe run. Returns how many bytes it took, or 0 if that depends
// on what follows.
std::size_t show_special(std::string_view text, std::string& shown) {
  if (text[0] == '\r') {
    if (text.size() == 1) return 0;
    if (text[1] == '\n') {
      shown += '\n';
      return 2;
    }
  }
  const Character character = decode(text);
  switch (character.kind) {
    case Character::Kind::cut: return 0;
    case Character::Kind::invalid: append_byte_mark(shown, byte_at(text, 0)); return 1;
    case Character::Kind::whole: append_mark(shown, character.code); return character.length;
  }
  return 1;
}

}  // namespace

std::string_view VisibleText::filter(std::string_view piece) {
  char32_t before = before_;
  if (held_.empty() && clean_length(piece, before) == piece.size()) {
    before_ = before;
    return piece;
  }
  const std::string joined = held_.empty() ? std::string() : held_ + std::string(piece);
  std::string_view rest = held_.empty() ? piece : std::string_view(joined);
  held_.clear();
  shown_.clear();
  while (!rest.empty()) {
    const std::size_t clean = clean_length(rest, before_);
    shown_ += rest.substr(0, clean);
    rest.remove_prefix(clean);
    if (rest.empty()) break;
    const std::size_t taken = show_special(rest, shown_);
    if (taken == 0) {
      held_ = rest;
      break;
    }
    rest.remove_prefix(taken);
    before_ = 0;  // the end of a mark
  }
  return shown_;
}

std::string_view VisibleText::finish() {
  shown_.clear();
  for (const char c : held_) {
    if (c == '\r') {
      append_mark(shown_, U'\r');
    } else {
      append_byte_mark(shown_, static_cast<unsigned char>(c));
    }
  }
  held_.clear();
  before_ = 0;
  return shown_;
}

std::string visible(std::string_view text) {
  VisibleText filter;
  std::string shown(filter.filter(text));
  shown += filter.finish();
  return shown;
}

std::string one_line(std::string_view text) {
  const std::string shown = visible(text);
  std::string line;
  std::string_view rest = shown;
  while (!rest.empty()) {
    const std::string_view part = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(part.size() + 1, rest.size()));
    const std::size_t begin = part.find_first_not_of(" \t");
    if (begin == std::string_view::npos) continue;
    const std::size_t end = part.find_last_not_of(" \t") + 1;
    if (!line.empty()) line += ' ';
    line += part.substr(begin, end - begin);
  }
  std::replace(line.begin(), line.end(), '\t', ' ');
  return line;
}

}  // namespace rellama::terminal

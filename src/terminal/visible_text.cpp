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

// Characters beyond ASCII that a terminal would obey, or that hide or reorder text. The joiner
// U+200D and the variation selectors, which emoji need, are not among them.
constexpr std::array kUnsafe{
    Range{0x0080, 0x009F},    // C1 controls: U+009B starts an escape sequence
    Range{0x061C, 0x061C},    // Arabic letter mark
    Range{0x200E, 0x200F},    // left-to-right and right-to-left mark
    Range{0x2028, 0x202E},    // line and paragraph separator, bidirectional embedding and override
    Range{0x2066, 0x2069},    // bidirectional isolates
    Range{0xFEFF, 0xFEFF},    // byte order mark: invisible
    Range{0xFFF9, 0xFFFB},    // interlinear annotation: invisible
    Range{0xE0000, 0xE007F},  // tags: invisible copies of ASCII
};

bool is_unsafe(char32_t code) {
  return std::any_of(kUnsafe.begin(), kUnsafe.end(), [code](const Range& range) {
    return code >= range.first && code <= range.last;
  });
}

// How many bytes at the start are safe to show.
std::size_t clean_length(std::string_view text) {
  std::size_t length = 0;
  while (true) {
    length += plain_length(text.substr(length));
    while (length < text.size() && byte_at(text, length) >= 0x80) {
      const Character character = decode(text.substr(length));
      if (character.kind != Character::Kind::whole || is_unsafe(character.code)) return length;
      length += character.length;
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
  if (held_.empty() && clean_length(piece) == piece.size()) return piece;
  const std::string joined = held_.empty() ? std::string() : held_ + std::string(piece);
  std::string_view rest = held_.empty() ? piece : std::string_view(joined);
  held_.clear();
  shown_.clear();
  while (!rest.empty()) {
    const std::size_t clean = clean_length(rest);
    shown_ += rest.substr(0, clean);
    rest.remove_prefix(clean);
    if (rest.empty()) break;
    const std::size_t taken = show_special(rest, shown_);
    if (taken == 0) {
      held_ = rest;
      break;
    }
    rest.remove_prefix(taken);
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

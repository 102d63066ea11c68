#include "wire/secret_mask.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

namespace rellama::wire {
namespace {

// How many characters of a secret may be shown before it is clear that it is one. The first three
// of a Replicate token are the same for everybody.
constexpr std::size_t kTelling = 4;

constexpr std::string_view kBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// The base64 digits that depend on `secret` only, if `offset` bytes (0 to 2) of a group precede it.
std::string base64_of(std::string_view secret, std::size_t offset) {
  std::string digits;
  const std::size_t first_bit = 8 * offset;
  const std::size_t bits = first_bit + 8 * secret.size();
  const auto bit = [&](std::size_t at) {
    const auto byte = static_cast<unsigned char>(secret[at / 8 - offset]);
    return (byte >> (7 - at % 8)) & 1U;
  };
  for (std::size_t at = (first_bit + 5) / 6 * 6; at + 6 <= bits; at += 6) {
    unsigned value = 0;
    for (std::size_t i = 0; i < 6; ++i) value = value * 2 + bit(at + i);
    digits += kBase64[value];
  }
  return digits;
}

std::string hexadecimal_of(std::string_view secret) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string digits;
  for (const char c : secret) {
    const auto byte = static_cast<unsigned char>(c);
    digits += kDigits[byte >> 4U];
    digits += kDigits[byte & 0xFU];
  }
  return digits;
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// One character in an encoded form: its length, or how the attempt to read it ended.
struct Encoded {
  enum class Kind { none, cut, whole } kind = Kind::none;
  std::size_t length = 0;
  unsigned value = 0;
};

// How often an encoding may be repeated, and how many line ends may follow one another. The limits
// keep the time that a hostile text takes in proportion to its length.
constexpr std::size_t kMostBackslashes = 15;
constexpr std::size_t kMostPercents = 8;
constexpr std::size_t kMostLineEnds = 4;
constexpr std::size_t kLongestLine = 200;  // of an event, except its data

constexpr Encoded kCut{.kind = Encoded::Kind::cut};

// Reads `digits` hexadecimal digits at `at`.
Encoded read_hex(std::string_view text, std::size_t at, std::size_t digits) {
  unsigned value = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    if (at + i == text.size()) return kCut;
    const int digit = hex_value(text[at + i]);
    if (digit < 0) return {};
    value = 16 * value + static_cast<unsigned>(digit);
  }
  return {Encoded::Kind::whole, at + digits, value};
}

std::size_t count_backslashes(std::string_view text) {
  text = text.substr(0, kMostBackslashes + 1);
  return std::min(text.find_first_not_of('\\'), text.size());
}

// Backslashes, since a string may be within a string, and what they escape. A run of them that
// escapes nothing else stands for backslashes.
Encoded read_escape(std::string_view text, char wanted) {
  const std::size_t run = count_backslashes(text);
  if (run > kMostBackslashes) return {};
  if (wanted == '\\' && run >= 2) return {Encoded::Kind::whole, 2, '\\'};
  if (run == text.size()) return kCut;
  const char c = text[run];
  if (c == 'u') return read_hex(text, run + 1, 4);
  if (c == 'x') return read_hex(text, run + 1, 2);
  if (std::ispunct(static_cast<unsigned char>(c)) == 0) return {};
  return {Encoded::Kind::whole, run + 1, static_cast<unsigned char>(c)};
}

// %72, and %2572 if it was encoded twice.
Encoded read_percent(std::string_view text) {
  std::size_t at = 1;
  for (std::size_t i = 0; i < kMostPercents && text.substr(at).starts_with("25"); ++i) {
    if (text.size() == at + 2) return kCut;
    if (hex_value(text[at + 2]) < 0) break;
    at += 2;
  }
  return read_hex(text, at, 2);
}

// &#114; or &#x72;
Encoded read_reference(std::string_view text) {
  constexpr std::size_t kLongest = 10;
  if (text.size() < 2) return kCut;
  if (text[1] != '#') return {};
  const bool is_hex = text.size() > 2 && (text[2] | 0x20) == 'x';
  const unsigned base = is_hex ? 16 : 10;
  unsigned value = 0;
  for (std::size_t at = is_hex ? 3 : 2; at < kLongest; ++at) {
    if (at == text.size()) return kCut;
    if (text[at] == ';') return {Encoded::Kind::whole, at + 1, value};
    const int digit = hex_value(text[at]);
    if (digit < 0 || static_cast<unsigned>(digit) >= base) return {};
    value = base * value + static_cast<unsigned>(digit);
  }
  return {};
}

Encoded read_encoded(std::string_view text, char wanted) {
  switch (text.front()) {
    case '\\': return read_escape(text, wanted);
    case '%': return read_percent(text);
    case '&': return read_reference(text);
    default: return {};
  }
}

// Whether read_encoded may read something that begins with `c`.
bool is_encoding(char c) {
  return c == '\\' || c == '%' || c == '&';
}

// The line ends in base64 of 76 digits a line: as they are, or escaped.
std::size_t line_end_length(std::string_view text) {
  if (text.empty()) return 0;
  if (text.front() == '\n' || text.front() == '\r') return 1;
  const std::size_t run = count_backslashes(text);
  const bool is_escaped = run > 0 && run < text.size() && (text[run] == 'n' || text[run] == 'r');
  return is_escaped ? run + 1 : 0;
}

std::size_t line_ends_length(std::string_view text) {
  std::size_t length = 0;
  for (std::size_t i = 0; i < kMostLineEnds; ++i) length += line_end_length(text.substr(length));
  return length;
}

// The end of a JSON string and the beginning of the next: `","`.
std::size_t json_gap_length(std::string_view text) {
  const auto skip_blanks = [text](std::size_t at) {
    return std::min(text.find_first_not_of(" \t\r\n", at), text.size());
  };
  if (!text.starts_with('"')) return 0;
  const std::size_t comma = skip_blanks(1);
  if (text.substr(comma, 1) != ",") return 0;
  const std::size_t begin = skip_blanks(comma + 1);
  return text.substr(begin, 1) == "\"" ? begin + 1 : 0;
}

// The end of a line of an event, and all until the data of the next.
std::size_t event_gap_length(std::string_view text) {
  constexpr std::size_t kMostLines = 8;
  std::size_t at = 0;
  for (std::size_t line = 0; line < kMostLines; ++line) {
    const std::size_t end = text.substr(0, at + kLongestLine).find_first_of("\r\n", at);
    if (end == std::string_view::npos || (line == 0 && end != 0)) return 0;
    at = end + (text.substr(end).starts_with("\r\n") ? 2 : 1);
    constexpr std::string_view kData = "data:";
    if (!text.substr(at).starts_with(kData)) continue;
    at += kData.size();
    return text.substr(at).starts_with(' ') ? at + 1 : at;
  }
  return 0;
}

// What separates two pieces of an output; pieces can be empty.
std::size_t gaps_length(std::string_view text) {
  constexpr std::size_t kMostEmpty = 8;
  std::size_t length = 0;
  for (std::size_t i = 0; i <= kMostEmpty; ++i) {
    const std::string_view rest = text.substr(length);
    const std::size_t gap = std::max(json_gap_length(rest), event_gap_length(rest));
    if (gap == 0) break;
    length += gap;
  }
  return length;
}

char url_safe(char c) {
  return c == '+' ? '-' : c == '/' ? '_' : c;
}

}  // namespace

void SecretMask::add(std::string_view secret, std::string_view mark) {
  const auto is_known = [secret](const Pattern& known) { return known.characters == secret; };
  if (secret.size() < kShortest || std::any_of(patterns_.begin(), patterns_.end(), is_known)) {
    return;
  }
  add_pattern(std::string(secret), Coding::plain, mark);
  for (std::size_t offset = 0; offset < 3; ++offset) {
    add_pattern(base64_of(secret, offset), Coding::base64, mark);
  }
  add_pattern(hexadecimal_of(secret), Coding::hexadecimal, mark);
}

void SecretMask::add_pattern(std::string characters, Coding coding, std::string_view mark) {
  const auto forms_of = [coding](char c) {
    std::string forms(1, c);
    if (coding == Coding::base64) forms += url_safe(c);
    if (coding == Coding::hexadecimal) forms += static_cast<char>(std::toupper(c));
    return forms;
  };
  constexpr std::string_view kEncodings = "\\%&";
  for (const char c : kEncodings) begins_[static_cast<unsigned char>(c)] = true;
  for (const char c : forms_of(characters[0])) {
    const auto first = static_cast<unsigned char>(c);
    first_[first] = true;
    begins_[first] = true;
    for (const char next : forms_of(characters[1]) + std::string(kEncodings) + "\r\n") {
      pairs_.set(256U * first + static_cast<unsigned char>(next));
    }
  }
  patterns_.push_back({std::move(characters), coding, mark});
}

// Whether a secret may begin here, at a byte in `begins_` that is not the last.
bool SecretMask::may_begin(std::string_view text) const {
  const auto byte = static_cast<unsigned char>(text[0]);
  if (pairs_[256U * byte + static_cast<unsigned char>(text[1])]) return true;
  if (across_pieces_ && (text[1] == '"' || text[1] == '\r' || text[1] == '\n')) return true;
  if (!is_encoding(text[0])) return false;
  const Encoded encoded = read_encoded(text, '\0');
  if (encoded.kind != Encoded::Kind::whole) return encoded.kind == Encoded::Kind::cut;
  return encoded.value < first_.size() && first_[encoded.value];
}

bool SecretMask::may_begin(char c, char next) const {
  return is_encoding(c) ||
         pairs_[256U * static_cast<unsigned char>(c) + static_cast<unsigned char>(next)];
}

SecretMask::Match SecretMask::match(const Pattern& pattern, std::string_view text) const {
  std::size_t at = 0;
  std::size_t characters = 0;
  for (const char wanted : pattern.characters) {
    if (across_pieces_ && characters > 0) at += gaps_length(text.substr(at));
    if (pattern.coding == Coding::base64 && characters > 0) at += line_ends_length(text.substr(at));
    if (at == text.size()) return {Match::Kind::begun, at, characters};
    const auto is_wanted = [&pattern, wanted](char c) {
      switch (pattern.coding) {
        case Coding::plain: return c == wanted;
        case Coding::base64: return url_safe(c) == url_safe(wanted);
        case Coding::hexadecimal: return hex_value(c) >= 0 && (c | 0x20) == (wanted | 0x20);
      }
      return false;
    };
    const Encoded encoded = read_encoded(text.substr(at), wanted);
    if (encoded.kind == Encoded::Kind::whole && encoded.value < 0x100 &&
        is_wanted(static_cast<char>(encoded.value))) {
      at += encoded.length;
    } else if (is_wanted(text[at])) {
      ++at;
    } else if (encoded.kind == Encoded::Kind::cut) {
      return {Match::Kind::begun, text.size(), characters};
    } else {
      return {};
    }
    ++characters;
  }
  return {Match::Kind::whole, at, characters, pattern.mark};
}

SecretMask::Match SecretMask::match(std::string_view text) const {
  Match best;
  for (const Pattern& pattern : patterns_) {
    // A secret with % or \ in it may look as if it were encoded.
    if (pattern.coding == Coding::plain && text.starts_with(pattern.characters)) {
      return {Match::Kind::whole, pattern.characters.size(), pattern.characters.size(),
              pattern.mark};
    }
    const Match found = match(pattern, text);
    if (found.kind == Match::Kind::whole) return found;
    if (found.kind == Match::Kind::begun &&
        (best.kind == Match::Kind::none || found.characters > best.characters)) {
      best = found;
    }
  }
  return best;
}

SecretMask::Match SecretMask::find(std::string_view text, std::size_t& at) const {
  const char* const end = text.data() + text.size();
  const bool* const begins = begins_.data();  // the loop over it sees every byte of every answer
  for (const char* place = text.data() + at;; ++place) {
    while (place != end && !begins[static_cast<unsigned char>(*place)]) ++place;
    at = static_cast<std::size_t>(place - text.data());
    if (place == end) return {};
    if (place + 1 == end) {
      return {Match::Kind::begun, 1, first_[static_cast<unsigned char>(*place)] ? 1U : 0U};
    }
    if (!may_begin(text.substr(at))) continue;
    const Match found = match(text.substr(at));
    if (found.kind != Match::Kind::none) return found;
  }
}

SecretMask SecretMask::for_bodies() const {
  SecretMask mask = *this;
  mask.across_pieces_ = true;
  return mask;
}

void SecretMask::hide_in(std::string& text) const {
  MaskedText masked(*this);
  const std::string_view begin = masked.filter(text);
  if (begin.data() == text.data() && begin.size() == text.size()) return;
  std::string shown(begin);
  shown += masked.finish();
  text = std::move(shown);
}

std::string_view MaskedText::filter(std::string_view piece) {
  using Kind = SecretMask::Match::Kind;
  if (piece.empty()) return piece;
  std::size_t at = 0;
  SecretMask::Match found;
  // Nearly every piece passes here.
  if (held_.size() == 1 && given_ == 1 && !mask_.may_begin(held_[0], piece[0])) {
    held_.clear();
    given_ = 0;
  }
  if (held_.empty()) {
    found = mask_.find(piece, at);
    if (found.kind == Kind::none) return piece;
    if (found.kind == Kind::begun && found.characters < kTelling) {
      held_ = piece.substr(at);
      given_ = held_.size();
      return piece;
    }
  }
  const std::string joined = std::exchange(held_, {}) + std::string(piece);
  const std::string_view text = joined;
  std::size_t given = std::exchange(given_, 0);  // up to here the text has been returned
  shown_.clear();
  for (at = 0;;) {
    found = mask_.find(text, at);
    if (found.kind != Kind::whole) break;
    if (at > given) shown_ += text.substr(given, at - given);
    shown_ += found.mark;
    at += found.length;
    given = at;
  }
  const bool is_begun = found.kind == Kind::begun;
  const std::size_t end = is_begun && found.characters >= kTelling ? at : text.size();
  if (end > given) shown_ += text.substr(given, end - given);
  if (is_begun) {
    held_ = text.substr(at);
    given_ = std::max(given, end) - at;
  }
  return shown_;
}

std::string_view MaskedText::finish() {
  shown_ = held_.substr(given_);
  held_.clear();
  given_ = 0;
  return shown_;
}

}  // namespace rellama::wire

#include "wire/json_reader.hpp"

#include <array>

#include "wire/utf8.hpp"

namespace rellama::wire {
namespace {

// Less than parse_document() accepts, which decides about the rest. The largest number that is
// accepted is below 10^299, so it fits a double.
constexpr int kMaxReaderDepth = 64;
constexpr std::size_t kMaxReaderValues = 100'000;
constexpr std::size_t kMaxNumberLength = 200;
constexpr std::size_t kMaxExponentDigits = 2;

// Characters that may stand in a string as they are: all but quotes, backslashes and control
// characters.
constexpr std::array<bool, 256> kIsPlain = [] {
  std::array<bool, 256> is_plain{};
  for (std::size_t c = 0x20; c < is_plain.size(); ++c) is_plain[c] = c != '"' && c != '\\';
  return is_plain;
}();

}  // namespace

bool JsonReader::take_word(std::string_view word) {
  skip_whitespace();
  if (!json_.substr(at_).starts_with(word)) return false;
  at_ += word.size();
  return true;
}

std::optional<std::string_view> JsonReader::take_string() {
  if (!take('"')) return std::nullopt;
  const std::size_t begin = at_;
  skip_plain();
  if (at_ == json_.size()) return std::nullopt;
  if (json_[at_] == '"') return json_.substr(begin, at_++ - begin);
  decoded_ = json_.substr(begin, at_ - begin);
  while (at_ < json_.size()) {
    const char c = json_[at_++];
    if (c == '"') return decoded_;
    if (c != '\\' || !take_escape()) return std::nullopt;
    const std::size_t plain = at_;
    skip_plain();
    decoded_ += json_.substr(plain, at_ - plain);
  }
  return std::nullopt;
}

std::optional<std::string_view> JsonReader::take_value() {
  skip_whitespace();
  const std::size_t begin = at_;
  is_compact_ = true;
  if (!skip_value(0)) return std::nullopt;
  return json_.substr(begin, at_ - begin);
}

bool JsonReader::skip(char expected) {
  if (at_ == json_.size() || json_[at_] != expected) return false;
  ++at_;
  return true;
}

// Stops at a quote, a backslash or a control character, which is not allowed in a string.
void JsonReader::skip_plain() {
  std::size_t at = at_;
  while (at < json_.size() && kIsPlain[static_cast<unsigned char>(json_[at])]) ++at;
  at_ = at;
}

std::size_t JsonReader::skip_digits() {
  const std::size_t begin = at_;
  while (at_ < json_.size() && json_[at_] >= '0' && json_[at_] <= '9') ++at_;
  return at_ - begin;
}

bool JsonReader::skip_number() {
  const std::size_t begin = at_;
  skip('-');
  if (!skip('0') && skip_digits() == 0) return false;
  if (skip('.') && skip_digits() == 0) return false;
  if (skip('e') || skip('E')) {
    if (!skip('+')) skip('-');
    const std::size_t digits = skip_digits();
    if (digits == 0 || digits > kMaxExponentDigits) return false;
  }
  return at_ - begin <= kMaxNumberLength;
}

bool JsonReader::skip_array(int depth) {
  if (!take('[')) return false;
  if (take(']')) return true;
  do {
    if (!skip_value(depth + 1)) return false;
  } while (take(','));
  return take(']');
}

bool JsonReader::skip_value(int depth) {
  if (depth > kMaxReaderDepth || ++values_ > kMaxReaderValues) return false;
  switch (peek()) {
    case '"': return take_string().has_value();
    case '{': return take_object([&](std::string_view) { return skip_value(depth + 1); });
    case '[': return skip_array(depth);
    case 't': return take_word("true");
    case 'f': return take_word("false");
    case 'n': return take_word("null");
    default: return skip_number();
  }
}

bool JsonReader::take_escape() {
  if (at_ == json_.size()) return false;
  switch (json_[at_++]) {
    case '"': decoded_ += '"'; return true;
    case '\\': decoded_ += '\\'; return true;
    case '/':
      decoded_ += '/';
      is_compact_ = false;
      return true;
    case 'b': decoded_ += '\b'; return true;
    case 'f': decoded_ += '\f'; return true;
    case 'n': decoded_ += '\n'; return true;
    case 'r': decoded_ += '\r'; return true;
    case 't': decoded_ += '\t'; return true;
    case 'u': is_compact_ = false; return take_code_point();
    default: return false;
  }
}

// \uXXXX, or two of them for a character beyond U+FFFF.
bool JsonReader::take_code_point() {
  const auto first = take_hex();
  if (!first || (*first >= 0xDC00 && *first < 0xE000)) return false;
  if (*first < 0xD800 || *first >= 0xE000) {
    append_utf8(*first, decoded_);
    return true;
  }
  if (!json_.substr(at_).starts_with("\\u")) return false;
  at_ += 2;
  const auto second = take_hex();
  if (!second || *second < 0xDC00 || *second >= 0xE000) return false;
  append_utf8(0x10000 + ((*first - 0xD800) << 10U) + (*second - 0xDC00), decoded_);
  return true;
}

std::optional<char32_t> JsonReader::take_hex() {
  char32_t value = 0;
  for (int digit = 0; digit < 4; ++digit, ++at_) {
    if (at_ == json_.size()) return std::nullopt;
    const char c = json_[at_];
    value <<= 4U;
    if (c >= '0' && c <= '9') {
      value += static_cast<char32_t>(c - '0');
    } else if (c >= 'a' && c <= 'f') {
      value += static_cast<char32_t>(c - 'a' + 10);
    } else if (c >= 'A' && c <= 'F') {
      value += static_cast<char32_t>(c - 'A' + 10);
    } else {
      return std::nullopt;
    }
  }
  return value;
}

}  // namespace rellama::wire

#include "wire/string_array.hpp"

#include <string>

#include "wire/utf8.hpp"

namespace rellama::wire {
namespace {

// Parses strings by the grammar of RFC 8259, from left to right.
class Reader {
 public:
  Reader(std::string_view json, std::size_t at) : json_(json), at_(at) {}

  [[nodiscard]] std::size_t at() const { return at_; }

  bool take(char expected) {
    skip_whitespace();
    if (at_ == json_.size() || json_[at_] != expected) return false;
    ++at_;
    return true;
  }

  // Parses a string. The result is a view of the JSON itself if the string has no escapes.
  std::optional<std::string_view> take_string() {
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

 private:
  void skip_whitespace() {
    while (at_ < json_.size() &&
           (json_[at_] == ' ' || json_[at_] == '\n' || json_[at_] == '\r' || json_[at_] == '\t')) {
      ++at_;
    }
  }

  // Stops at a quote, a backslash, or a control character, which is not allowed in a string.
  void skip_plain() {
    while (at_ < json_.size() && json_[at_] != '"' && json_[at_] != '\\' &&
           static_cast<unsigned char>(json_[at_]) >= 0x20) {
      ++at_;
    }
  }

  bool take_escape() {
    if (at_ == json_.size()) return false;
    switch (json_[at_++]) {
      case '"': decoded_ += '"'; return true;
      case '\\': decoded_ += '\\'; return true;
      case '/': decoded_ += '/'; return true;
      case 'b': decoded_ += '\b'; return true;
      case 'f': decoded_ += '\f'; return true;
      case 'n': decoded_ += '\n'; return true;
      case 'r': decoded_ += '\r'; return true;
      case 't': decoded_ += '\t'; return true;
      case 'u': return take_code_point();
      default: return false;
    }
  }

  // \uXXXX, or two of them for a character beyond U+FFFF.
  bool take_code_point() {
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

  std::optional<char32_t> take_hex() {
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

  std::string_view json_;
  std::size_t at_;
  std::string decoded_;
};

}  // namespace

std::optional<StringArrayEnd> read_string_array(std::string_view json, std::size_t at,
                                                Output& output) {
  Reader reader(json, at);
  std::size_t items = at;
  const bool is_start = json[at - 1] == '[';
  const bool is_empty = is_start && reader.take(']');
  if (!is_empty) {
    bool more = is_start || reader.take(',');
    while (more) {
      const auto piece = reader.take_string();
      if (!piece) return std::nullopt;
      output.append(*piece);
      items = reader.at();
      more = reader.take(',');
    }
    if (!reader.take(']')) return std::nullopt;
  }
  if (find_invalid_utf8(json.substr(at, items - at))) return std::nullopt;
  return StringArrayEnd{.items = items, .array = reader.at()};
}

}  // namespace rellama::wire

#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace rellama::fuzz {

/// Ends the program, which is how libFuzzer learns of a finding.
inline void require(bool holds, const char* rule) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", rule);
  std::abort();
}

/// Bytes on the heap with nothing behind them: reading past the end, or after they are gone, is
/// seen by AddressSanitizer, as it is not in a short std::string.
class Bytes {
 public:
  explicit Bytes(std::string_view text) : bytes_(text.begin(), text.end()) {}
  [[nodiscard]] std::string_view view() const { return {bytes_.data(), bytes_.size()}; }

 private:
  std::vector<char> bytes_;
};

/// What the fuzzer made up: numbers from its start, then a text.
class Feed {
 public:
  Feed(const std::uint8_t* data, std::size_t size)
      : rest_(reinterpret_cast<const char*>(data), size) {}

  [[nodiscard]] bool empty() const { return rest_.empty(); }

  /// A number below `limit` from the next byte; 0 where there is none.
  std::size_t number(std::size_t limit) {
    if (rest_.empty()) return 0;
    const std::size_t value = static_cast<unsigned char>(rest_.front()) % limit;
    rest_.remove_prefix(1);
    return value;
  }

  /// The next `size` bytes, or as many as there are.
  std::string_view take(std::size_t size) {
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(taken.size());
    return taken;
  }

  /// How a text is cut: up to 7 lengths of 0 to 31, used again and again.
  std::vector<std::size_t> lengths() {
    std::vector<std::size_t> lengths(number(8));
    for (std::size_t& length : lengths) length = number(32);
    return lengths;
  }

  [[nodiscard]] std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

/// `text` in pieces of these lengths; in one piece where they are all 0 or there are none.
inline std::vector<std::string_view> cut(std::string_view text,
                                         const std::vector<std::size_t>& lengths) {
  std::vector<std::string_view> pieces;
  const bool moves = std::any_of(lengths.begin(), lengths.end(), [](auto n) { return n > 0; });
  for (std::size_t i = 0; moves && !text.empty(); ++i) {
    pieces.push_back(text.substr(0, lengths[i % lengths.size()]));
    text.remove_prefix(pieces.back().size());
  }
  if (!text.empty()) pieces.push_back(text);
  return pieces;
}

/// A UTF-8 character in a text, or one byte that belongs to none.
struct Character {
  std::size_t length = 1;
  bool valid = false;
  char32_t code = 0;
};

/// Reads the character at the start of `text`, which is not empty. Written from RFC 3629's numbers
/// and not from its table, which is how the code under test goes about it.
inline Character decode(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned lead = byte(0);
  const std::size_t length = lead < 0x80            ? 1
                             : (lead >> 5U) == 0x6  ? 2
                             : (lead >> 4U) == 0xE  ? 3
                             : (lead >> 3U) == 0x1E ? 4
                                                    : 0;
  if (length == 0 || length > text.size()) return {};
  char32_t code = length == 1 ? lead : lead & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) >> 6U) != 0x2) return {};
    code = code * 64 + (byte(i) & 0x3FU);
  }
  constexpr char32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool is_surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (code < kSmallest[length] || code > 0x10FFFF || is_surrogate) return {};
  return {length, true, code};
}

/// Whether all of `text` is UTF-8.
inline bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const Character character = decode(text);
    if (!character.valid) return false;
    text.remove_prefix(character.length);
  }
  return true;
}

}  // namespace rellama::fuzz

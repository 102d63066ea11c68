#include "wire/utf8.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace rellama::wire {
namespace {

unsigned byte_at(std::string_view text, std::size_t index) {
  return static_cast<unsigned char>(text[index]);
}

// The length of the sequence that `lead` starts; 0 if no sequence starts with it.
std::size_t sequence_length(unsigned lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return 2;
  if (lead >= 0xE0 && lead <= 0xEF) return 3;
  if (lead >= 0xF0 && lead <= 0xF4) return 4;
  return 0;
}

// Whether `second` may follow `lead`: rules out overlong forms, surrogates and code points past
// U+10FFFF.
bool may_follow(unsigned lead, unsigned second) {
  switch (lead) {
    case 0xE0: return second >= 0xA0 && second <= 0xBF;
    case 0xED: return second >= 0x80 && second <= 0x9F;
    case 0xF0: return second >= 0x90 && second <= 0xBF;
    case 0xF4: return second >= 0x80 && second <= 0x8F;
    default: return second >= 0x80 && second <= 0xBF;
  }
}

// How many bytes of the character at `begin` are valid; less than its length if it is invalid or
// incomplete.
std::size_t valid_length(std::string_view text, std::size_t begin) {
  const unsigned lead = byte_at(text, begin);
  const std::size_t length = sequence_length(lead);
  if (length == 0) return 0;
  std::size_t valid = 1;
  while (valid < length && begin + valid < text.size()) {
    const unsigned next = byte_at(text, begin + valid);
    const bool fits = valid == 1 ? may_follow(lead, next) : (next & 0xC0U) == 0x80;
    if (!fits) break;
    ++valid;
  }
  return valid;
}

// Skips ASCII from `at`, eight bytes at a time; may stop up to seven bytes before its end.
std::size_t skip_ascii(std::string_view text, std::size_t at) {
  constexpr std::uint64_t kHighBits = 0x8080808080808080;
  for (; at + sizeof kHighBits <= text.size(); at += sizeof kHighBits) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, text.data() + at, sizeof eight);
    if ((eight & kHighBits) != 0) break;
  }
  return at;
}

}  // namespace

std::size_t incomplete_suffix(std::string_view text) noexcept {
  if (text.empty() || byte_at(text, text.size() - 1) < 0x80) return 0;
  const std::size_t reach = std::min<std::size_t>(3, text.size());
  for (std::size_t back = 1; back <= reach; ++back) {
    const std::size_t begin = text.size() - back;
    if ((byte_at(text, begin) & 0xC0U) == 0x80) continue;
    const bool cut =
        sequence_length(byte_at(text, begin)) > back && valid_length(text, begin) == back;
    return cut ? back : 0;
  }
  return 0;
}

std::optional<std::size_t> find_invalid_utf8(std::string_view text) noexcept {
  std::size_t at = skip_ascii(text, 0);
  while (at < text.size()) {
    const std::size_t length = sequence_length(byte_at(text, at));
    if (length == 0 || valid_length(text, at) != length) return at;
    at += length;
    if (length == 1) at = skip_ascii(text, at);
  }
  return std::nullopt;
}

void append_utf8(char32_t character, std::string& text) {
  const auto low_bits = [character](unsigned shift) {
    return static_cast<char>(0x80U | ((character >> shift) & 0x3FU));
  };
  if (character < 0x80) {
    text += static_cast<char>(character);
  } else if (character < 0x800) {
    text += static_cast<char>(0xC0U | (character >> 6U));
    text += low_bits(0);
  } else if (character < 0x10000) {
    text += static_cast<char>(0xE0U | (character >> 12U));
    text += low_bits(6);
    text += low_bits(0);
  } else {
    text += static_cast<char>(0xF0U | (character >> 18U));
    text += low_bits(12);
    text += low_bits(6);
    text += low_bits(0);
  }
}

}  // namespace rellama::wire

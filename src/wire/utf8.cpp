#include "wire/utf8.hpp"

#include <algorithm>

namespace rellama::wire {
namespace {

unsigned byte_at(std::string_view text, std::size_t index) {
  return static_cast<unsigned char>(text[index]);
}

// How long the character is that `lead` begins; 0 for a byte that begins none.
std::size_t sequence_length(unsigned lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return 2;
  if (lead >= 0xE0 && lead <= 0xEF) return 3;
  if (lead >= 0xF0 && lead <= 0xF4) return 4;
  return 0;
}

// Whether `second` may follow `lead`: rules out overlong forms, surrogates and what is past
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

// How many of the bytes at `begin` fit the character that begins there; less than its length
// where it is broken or cut.
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
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t length = sequence_length(byte_at(text, at));
    if (length == 0 || valid_length(text, at) != length) return at;
    at += length;
  }
  return std::nullopt;
}

}  // namespace rellama::wire

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace rellama::emulator {

/// FNV-1a. The result is the same on every machine, and so are canned answers.
[[nodiscard]] constexpr std::uint64_t hash_of(std::string_view text) noexcept {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char letter : text) {
    hash ^= static_cast<unsigned char>(letter);
    hash *= 0x100000001b3U;
  }
  return hash;
}

/// Returns the number after `state` in a pseudorandom sequence (splitmix64).
[[nodiscard]] constexpr std::uint64_t mix(std::uint64_t state) noexcept {
  state += 0x9e3779b97f4a7c15U;
  state = (state ^ (state >> 30U)) * 0xbf58476d1ce4e5b9U;
  state = (state ^ (state >> 27U)) * 0x94d049bb133111ebU;
  return state ^ (state >> 31U);
}

/// Returns sixteen hexadecimal digits.
[[nodiscard]] inline std::string hex_of(std::uint64_t number) {
  std::string text(16, '0');
  for (auto digit = text.rbegin(); digit != text.rend(); ++digit) {
    *digit = "0123456789abcdef"[number & 0xfU];
    number >>= 4U;
  }
  return text;
}

}  // namespace rellama::emulator

#include "emulator/digest.hpp"

#include <sys/types.h>

#include <sha2.h>

#include <array>

namespace rellama::emulator {
namespace {

constexpr std::size_t kBlock = 64;

std::string sha256(std::string_view first, std::string_view second = {}) {
  const auto bytes = [](std::string_view text) {
    return reinterpret_cast<const std::uint8_t*>(text.data());  // libmd takes bytes
  };
  SHA2_CTX context;
  SHA256Init(&context);
  SHA256Update(&context, bytes(first), first.size());
  SHA256Update(&context, bytes(second), second.size());
  std::array<std::uint8_t, SHA256_DIGEST_LENGTH> digest{};
  SHA256Final(digest.data(), &context);
  return {digest.begin(), digest.end()};
}

/// The key, filled up to a block and combined with `pad`.
std::string padded(std::string key, char pad) {
  key.resize(kBlock, '\0');
  for (char& letter : key) letter = static_cast<char>(letter ^ pad);
  return key;
}

}  // namespace

std::string sha256_hex(std::string_view bytes) {
  std::string text;
  for (const char byte : sha256(bytes)) {
    const auto number = static_cast<unsigned char>(byte);
    text += "0123456789abcdef"[number >> 4U];
    text += "0123456789abcdef"[number & 0xFU];
  }
  return text;
}

std::string hmac_sha256(std::string_view key, std::string_view bytes) {
  const std::string short_key = key.size() > kBlock ? sha256(key) : std::string(key);
  return sha256(padded(short_key, 0x5C), sha256(padded(short_key, 0x36), bytes));
}

}  // namespace rellama::emulator

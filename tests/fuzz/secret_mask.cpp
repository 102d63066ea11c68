// A secret in what a server says never comes out, however it is encoded and the text is cut. The
// input: the encodings, how to cut, and the text around the secret.

#include "wire/secret_mask.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/fuzz.hpp"

namespace rellama::fuzz {
namespace {

constexpr std::string_view kSecret = "r8_Abc/9+xyZ-k0";
constexpr std::string_view kMark = "[token]";

std::string with_format(const char* format, char c) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), format, static_cast<unsigned char>(c));
  return text.data();
}

// The secret with each of its characters in the form that the input chooses.
std::string escaped(Feed& feed) {
  std::string text;
  for (const char c : kSecret) {
    switch (feed.number(8)) {
      case 0: text += with_format("\\u%04x", c); break;
      case 1: text += with_format("%%%02X", c); break;
      case 2: text += with_format("&#%u;", c); break;
      case 3: text += with_format("&#x%x;", c); break;
      case 4: text += with_format("\\\\u%04X", c); break;
      case 5: text += with_format("%%25%02x", c); break;
      default: text += c == '/' && feed.number(2) == 1 ? "\\/" : std::string(1, c);
    }
  }
  return text;
}

std::string base64(std::string_view bytes, bool for_urls) {
  const std::string_view digits =
      for_urls ? "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
               : "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  unsigned bits = 0;
  int count = 0;
  for (const char c : bytes) {
    bits = (bits << 8U) | static_cast<unsigned char>(c);
    for (count += 8; count >= 6; count -= 6) text += digits[(bits >> (count - 6)) & 63U];
  }
  if (count > 0) text += digits[(bits << (6 - count)) & 63U];
  return text;
}

// All that can be decoded: what follows a character that is no digit begins anew.
std::string decoded_base64(std::string_view text) {
  std::string bytes;
  unsigned bits = 0;
  int count = 0;
  for (const char c : text) {
    const std::string_view digits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const auto value = digits.find(c == '-' ? '+' : c == '_' ? '/' : c);
    if (value == std::string_view::npos) {
      bytes += '\n';  // not in the secret
      count = 0;
      continue;
    }
    bits = (bits << 6U) | static_cast<unsigned>(value);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes += static_cast<char>((bits >> count) & 0xFFU);
  }
  return bytes;
}

std::string in_pieces(const wire::SecretMask& mask, const std::vector<std::string_view>& pieces) {
  wire::MaskedText masked(mask);
  std::string shown;
  for (const std::string_view piece : pieces) {
    const Bytes bytes(piece);
    shown += masked.filter(bytes.view());
  }
  shown += masked.finish();
  require(masked.finish().empty(), "what was held back is given once");
  return shown;
}

}  // namespace
}  // namespace rellama::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rellama::fuzz;
  rellama::wire::SecretMask mask;
  mask.add(kSecret, kMark);
  Feed feed(data, size);
  const auto lengths = feed.lengths();
  const std::size_t form = feed.number(3);
  std::string encoded;
  if (form == 0) encoded = escaped(feed);
  const std::string_view inside = feed.take(feed.number(8));
  if (form == 1) encoded = base64(std::string(inside) + std::string(kSecret), inside.size() > 4);
  if (form == 2) {
    for (const char c : kSecret) encoded += with_format(inside.empty() ? "%02x" : "%02X", c);
  }
  const std::string_view before = feed.take(feed.number(64));
  const std::string text = std::string(before) + encoded + std::string(feed.rest());

  std::string whole = text;
  mask.hide_in(whole);
  require(whole.find(kMark) != std::string::npos, "the secret is found");
  for (const std::string& shown :
       {whole, in_pieces(mask, cut(text, lengths)), in_pieces(mask, cut(text, {1}))}) {
    require(shown.find(kSecret) == std::string::npos, "the secret does not come out");
    require(text.find(encoded) == std::string::npos || shown.find(encoded) == std::string::npos,
            "nor in the form that it was in");
    if (form == 1) {
      // Whatever group of four the base64 begins with.
      for (std::size_t skip = 0; skip < 4; ++skip) {
        const std::string_view digits =
            std::string_view(shown).substr(std::min(skip, shown.size()));
        require(decoded_base64(digits).find(kSecret) == std::string::npos, "nor decoded");
      }
    }
  }
  std::string again = whole;
  mask.hide_in(again);
  require(again == whole, "what was hidden stays as it is");
  return 0;
}

#include "terminal/clipboard.hpp"

#include <cstdint>
#include <string>

namespace rellama::terminal {
namespace {

// RFC 4648.
std::string encode_base64(std::string_view bytes) {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const std::string_view group = bytes.substr(at, 3);
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      bits = bits << 8U | (i < group.size() ? static_cast<unsigned char>(group[i]) : 0U);
    }
    for (std::size_t i = 0; i < 4; ++i) {
      text += i <= group.size() ? kAlphabet[(bits >> (18 - 6 * i)) & 0x3FU] : '=';
    }
  }
  return text;
}

}  // namespace

void copy_to_clipboard(std::string_view text, OutputStream& out) {
  out.write("\x1b]52;c;" + encode_base64(text) + "\x07");
}

}  // namespace rellama::terminal

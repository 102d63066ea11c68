// dataurl   = "data:" [ mediatype ] [ ";base64" ] "," data
// mediatype = [ type "/" subtype ] *( ";" parameter )

#include "wire/data_url.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "wire/file_url.hpp"
#include "wire/lower_case.hpp"

namespace rellama::wire {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::optional<unsigned> hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return std::nullopt;
}

std::optional<std::string> decode_percent(std::string_view text) {
  std::string bytes;
  bytes.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '%') {
      bytes += text[at];
      continue;
    }
    if (text.size() - at < 3) return std::nullopt;
    const auto high = hex_digit(text[at + 1]);
    const auto low = hex_digit(text[at + 2]);
    if (!high || !low) return std::nullopt;
    bytes += static_cast<char>(*high << 4U | *low);
    at += 2;
  }
  return bytes;
}

// The value of each character; -1 if it is not in the alphabet.
constexpr std::array<std::int8_t, 256> make_values() {
  std::array<std::int8_t, 256> values{};
  values.fill(-1);
  std::int8_t value = 0;
  for (const char letter : kAlphabet) values[static_cast<unsigned char>(letter)] = value++;
  values['-'] = 62;  // the URL-safe alphabet (RFC 4648 §5)
  values['_'] = 63;
  return values;
}

// RFC 4648. Padding may be missing, but may only appear at the end.
std::optional<std::string> decode_base64(std::string_view text) {
  static constexpr auto kValues = make_values();
  const std::size_t padding = text.size() - std::min(text.size(), text.find_last_not_of('=') + 1);
  if (padding > 2 || (padding > 0 && text.size() % 4 != 0)) return std::nullopt;
  text.remove_suffix(padding);
  if (text.size() % 4 == 1) return std::nullopt;
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3 + 2);
  std::uint32_t bits = 0;
  int count = 0;
  for (const char letter : text) {
    const int value = kValues[static_cast<unsigned char>(letter)];
    if (value < 0) return std::nullopt;
    bits = (bits << 6U) | static_cast<std::uint32_t>(value);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes += static_cast<char>((bits >> static_cast<unsigned>(count)) & 0xFFU);
  }
  return bytes;
}

}  // namespace

std::optional<DataUrl> parse_data_url(std::string_view url) {
  const std::size_t comma = url.find(',');
  if (!is_data_url(url) || comma == std::string_view::npos) return std::nullopt;
  constexpr std::string_view kScheme = "data:";
  constexpr std::string_view kBase64 = ";base64";
  const std::string type = lower_case(url.substr(kScheme.size(), comma - kScheme.size()));
  auto bytes = decode_percent(url.substr(comma + 1));
  if (bytes && type.ends_with(kBase64)) bytes = decode_base64(*bytes);
  if (!bytes) return std::nullopt;
  DataUrl result{.media_type = type.substr(0, type.find(';')), .bytes = std::move(*bytes)};
  if (result.media_type.empty()) result.media_type = "text/plain";
  return result;
}

std::string render_data_url(std::string_view media_type, std::string_view bytes) {
  return "data:" + std::string(media_type) + ";base64," + render_base64(bytes);
}

std::string render_base64(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const auto byte = [&](std::size_t i) -> std::uint32_t {
      return at + i < bytes.size() ? static_cast<unsigned char>(bytes[at + i]) : 0;
    };
    const std::uint32_t bits = byte(0) << 16U | byte(1) << 8U | byte(2);
    text += kAlphabet[bits >> 18U];
    text += kAlphabet[bits >> 12U & 63U];
    text += at + 1 < bytes.size() ? kAlphabet[bits >> 6U & 63U] : '=';
    text += at + 2 < bytes.size() ? kAlphabet[bits & 63U] : '=';
  }
  return text;
}

}  // namespace rellama::wire

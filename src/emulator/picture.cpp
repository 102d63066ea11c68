// The simplest PNG there is: RGB, no filter, stored deflate blocks (RFC 2083, RFC 1950, RFC 1951).

#include "emulator/picture.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "emulator/base64.hpp"
#include "emulator/hash.hpp"

namespace rellama::emulator {
namespace {

constexpr std::size_t kLargestBlock = 65'535;

void append_number(std::string& bytes, std::uint32_t number) {
  for (const unsigned shift : {24U, 16U, 8U, 0U}) {
    bytes += static_cast<char>((number >> shift) & 0xFFU);
  }
}

constexpr std::array<std::uint32_t, 256> make_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < table.size(); ++i) {
    std::uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) {
      value = (value & 1U) != 0 ? 0xEDB88320U ^ (value >> 1U) : value >> 1U;
    }
    table[i] = value;
  }
  return table;
}

std::uint32_t crc_of(std::string_view bytes) {
  static constexpr auto kTable = make_table();
  std::uint32_t crc = 0xFFFFFFFFU;
  for (const char byte : bytes) {
    crc = kTable[(crc ^ static_cast<unsigned char>(byte)) & 0xFFU] ^ (crc >> 8U);
  }
  return ~crc;
}

std::uint32_t adler_of(std::string_view bytes) {
  constexpr std::uint32_t kBase = 65'521;
  std::uint32_t low = 1;
  std::uint32_t high = 0;
  for (const char byte : bytes) {
    low = (low + static_cast<unsigned char>(byte)) % kBase;
    high = (high + low) % kBase;
  }
  return high << 16U | low;
}

void append_chunk(std::string& png, std::string_view type, std::string_view data) {
  append_number(png, static_cast<std::uint32_t>(data.size()));
  const std::string body = std::string(type).append(data);
  png += body;
  append_number(png, crc_of(body));
}

std::string deflate_stored(std::string_view data) {
  std::string stream("\x78\x01");
  for (std::size_t at = 0; at == 0 || at < data.size();) {
    const std::size_t size = std::min(kLargestBlock, data.size() - at);
    stream += static_cast<char>(at + size == data.size() ? 1 : 0);
    for (const std::size_t number : {size, ~size}) {
      stream += static_cast<char>(number & 0xFFU);
      stream += static_cast<char>((number >> 8U) & 0xFFU);
    }
    stream += data.substr(at, size);
    at += size;
  }
  append_number(stream, adler_of(data));
  return stream;
}

// A color gradient that depends on the seed.
std::string rows_of(const Picture& picture) {
  const std::uint64_t colors = mix(picture.seed);
  std::string rows;
  for (std::int64_t y = 0; y < picture.side; ++y) {
    rows += '\0';
    for (std::int64_t x = 0; x < picture.side; ++x) {
      rows +=
          static_cast<char>((colors + static_cast<std::uint64_t>(x * 191 / picture.side)) & 0xFFU);
      rows += static_cast<char>(
          ((colors >> 8U) + static_cast<std::uint64_t>(y * 191 / picture.side)) & 0xFFU);
      rows += static_cast<char>((colors >> 16U) & 0xFFU);
    }
  }
  return rows;
}

}  // namespace

std::string paint(const Picture& picture) {
  std::string png("\x89PNG\r\n\x1a\n");
  std::string head;
  append_number(head, static_cast<std::uint32_t>(picture.side));
  append_number(head, static_cast<std::uint32_t>(picture.side));
  head += std::string("\x08\x02\x00\x00\x00", 5);  // 8 bits per color, RGB
  append_chunk(png, "IHDR", head);
  append_chunk(png, "IDAT", deflate_stored(rows_of(picture)));
  append_chunk(png, "IEND", "");
  return png;
}

std::string data_url(std::string_view png) {
  return "data:image/png;base64," + base64(png);
}

}  // namespace rellama::emulator

#include "hostile/hpack.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <stdexcept>

namespace rellama::test {
namespace {

constexpr std::size_t kStaticRows = 61;

// The lengths in bits of the codes for the printable characters of ASCII (RFC 7541, appendix B).
constexpr std::size_t kFirstCharacter = 32;
constexpr std::array<std::uint8_t, 95> kCodeLengths{
    6, 10, 10, 12, 13, 6, 8,  11, 10, 10, 8, 11, 8,  6,  6,  6, 5,  5, 5, 6,  6,  6,  6, 6,
    6, 6,  7,  8,  15, 6, 12, 10, 13, 6,  7, 7,  7,  7,  7,  7, 7,  7, 7, 7,  7,  7,  7, 7,
    7, 7,  7,  7,  7,  7, 7,  7,  8,  7,  8, 13, 19, 13, 14, 6, 15, 5, 6, 5,  6,  5,  6, 6,
    6, 5,  7,  7,  6,  6, 6,  5,  6,  7,  6, 5,  5,  6,  7,  7, 7,  7, 7, 15, 11, 14, 13};

struct Code {
  std::uint32_t bits;
  int length;
  char character;
};

// The code is canonical: it follows from the lengths. Of all shorter codes only that of NUL, with
// 13 bits, is not in the table.
std::vector<Code> make_codes() {
  std::vector<Code> codes{{0, 13, '\0'}};
  for (std::size_t i = 0; i < kCodeLengths.size(); ++i) {
    codes.push_back({0, kCodeLengths.at(i), static_cast<char>(kFirstCharacter + i)});
  }
  std::stable_sort(codes.begin(), codes.end(),
                   [](const Code& a, const Code& b) { return a.length < b.length; });
  std::uint32_t next = 0;
  int length = codes.front().length;
  for (Code& code : codes) {
    next <<= code.length - length;
    length = code.length;
    code.bits = next++;
  }
  return codes;
}

std::string decode_huffman(std::string_view bytes) {
  static const std::vector<Code> codes = make_codes();
  std::string text;
  std::uint32_t bits = 0;
  int length = 0;
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    const auto byte = static_cast<unsigned char>(bytes[bit / 8]);
    bits = bits << 1 | (byte >> (7 - bit % 8) & 1U);
    ++length;
    const auto found = std::find_if(codes.begin(), codes.end(), [&](const Code& code) {
      return code.length == length && code.bits == bits;
    });
    if (found == codes.end()) continue;
    text += found->character;
    bits = 0;
    length = 0;
  }
  return text;  // what is left is padding
}

void add_string(std::string& block, std::string_view text) {
  if (text.size() > 126) throw std::logic_error("a longer number is not needed here");
  block += static_cast<char>(text.size());
  block += text;
}

}  // namespace

Fields HpackReader::read(std::string_view block) {
  rest_ = block;
  Fields fields;
  while (!rest_.empty()) {
    const auto first = static_cast<unsigned char>(rest_.front());
    if ((first & 0x80U) != 0) {
      fields.push_back(indexed(read_number(7)));
    } else if ((first & 0xE0U) == 0x20) {
      read_number(5);  // another size of the table
    } else {
      const bool is_remembered = (first & 0x40U) != 0;
      const std::size_t index = read_number(is_remembered ? 6 : 4);
      std::string name = index > 0 ? indexed(index).first : read_string();
      fields.emplace_back(std::move(name), read_string());
      if (is_remembered) recent_.push_front(fields.back());
    }
  }
  return fields;
}

std::size_t HpackReader::read_number(int prefix_bits) {
  const std::size_t most = (std::size_t{1} << prefix_bits) - 1;
  const auto take = [this] {
    if (rest_.empty()) throw std::runtime_error("a header block ends early");
    const auto byte = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    return std::size_t{byte};
  };
  std::size_t number = take() & most;
  if (number < most) return number;
  for (int shift = 0;; shift += 7) {
    const std::size_t byte = take();
    number += (byte & 0x7FU) << shift;
    if ((byte & 0x80U) == 0) return number;
  }
}

std::string HpackReader::read_string() {
  const bool is_coded = !rest_.empty() && (static_cast<unsigned char>(rest_.front()) & 0x80U) != 0;
  const std::size_t size = read_number(7);
  const std::string_view bytes = rest_.substr(0, size);
  rest_.remove_prefix(bytes.size());
  return is_coded ? decode_huffman(bytes) : std::string(bytes);
}

std::pair<std::string, std::string> HpackReader::indexed(std::size_t index) const {
  switch (index) {
    case 2: return {":method", "GET"};
    case 3: return {":method", "POST"};
    case 4: return {":path", "/"};
    case 5: return {":path", "/index.html"};
    default: break;
  }
  return index > kStaticRows ? recent_.at(index - kStaticRows - 1)
                             : std::pair<std::string, std::string>();
}

std::string render_fields(const Fields& fields) {
  std::string block;
  for (const auto& [name, value] : fields) {
    block += '\0';  // a literal that is not remembered, with a literal name
    add_string(block, name);
    add_string(block, value);
  }
  return block;
}

}  // namespace rellama::test

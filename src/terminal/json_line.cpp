#include "terminal/json_line.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "terminal/visible_text.hpp"
#include "wire/json_document.hpp"

namespace rellama::terminal {

namespace {

void append_escape(std::string& json, unsigned unit) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  json += "\\u";
  for (const unsigned shift : {12U, 8U, 4U, 0U}) json += kDigits[(unit >> shift) & 0xFU];
}

// Only strings have characters beyond ASCII, and DEL.
std::string to_ascii(std::string_view json) {
  std::string ascii;
  while (!json.empty()) {
    const auto lead = static_cast<unsigned char>(json.front());
    const std::size_t length = std::min<std::size_t>(lead < 0xC0   ? 1
                                                     : lead < 0xE0 ? 2
                                                     : lead < 0xF0 ? 3
                                                                   : 4,
                                                     json.size());
    unsigned code = length == 1 ? lead : lead & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
      code = code << 6U | (static_cast<unsigned char>(json[i]) & 0x3FU);
    }
    json.remove_prefix(length);
    if (code < 0x7F) {
      ascii += static_cast<char>(code);
    } else if (code <= 0xFFFF) {
      append_escape(ascii, code);
    } else {
      append_escape(ascii, 0xD7C0U + (code >> 10U));
      append_escape(ascii, 0xDC00U + (code & 0x3FFU));
    }
  }
  return ascii;
}

}  // namespace

// JSON already escapes ASCII control characters, except DEL. If there is anything else that must
// not be shown, all that is not ASCII is escaped; ordinary text stays readable.
std::string escape_for_terminal(std::string_view json) {
  return visible(json) == json ? std::string(json) : to_ascii(json);
}

std::string render_json_line(const nlohmann::ordered_json& object, const OutputStream& out) {
  const std::string line = wire::render_json(object);
  return (out.is_terminal() ? escape_for_terminal(line) : line) + '\n';
}

}  // namespace rellama::terminal

#include "terminal/display_width.hpp"

#include <utf8proc.h>

#include <algorithm>

namespace rellama::terminal {
namespace {

constexpr std::string_view kEllipsis = "…";

bool is_ascii(char c) {
  return static_cast<unsigned char>(c) < 0x80;
}

struct CodePoint {
  std::size_t length;
  utf8proc_int32_t code;  // -1: a byte that is not UTF-8
};

CodePoint read_character(std::string_view text) {
  utf8proc_int32_t code = -1;
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  const auto length = utf8proc_iterate(
      bytes, static_cast<utf8proc_ssize_t>(std::min<std::size_t>(text.size(), 4)), &code);
  if (length <= 0) return {1, -1};
  return {static_cast<std::size_t>(length), code};
}

std::size_t width_of(const CodePoint& character) {
  if (character.code < 0) return 1;
  return static_cast<std::size_t>(std::max(utf8proc_charwidth(character.code), 0));
}

}  // namespace

// Adds up widths, like terminals that do not join the parts of an emoji.
Cluster first_cluster(std::string_view text) {
  // ASCII needs no table.
  if (is_ascii(text[0]) && (text.size() == 1 || is_ascii(text[1]))) return {text.substr(0, 1), 1};
  CodePoint last = read_character(text);
  std::size_t end = last.length;
  std::size_t width = width_of(last);
  utf8proc_int32_t state = 0;
  while (end < text.size() && last.code >= 0) {
    const CodePoint next = read_character(text.substr(end));
    if (next.code < 0 || utf8proc_grapheme_break_stateful(last.code, next.code, &state)) break;
    end += next.length;
    width += width_of(next);
    last = next;
  }
  return {text.substr(0, end), width};
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const Cluster cluster = first_cluster(text);
    width += cluster.width;
    text.remove_prefix(cluster.bytes.size());
  }
  return width;
}

std::string fit_width(std::string_view text, std::size_t width) {
  std::size_t used = 0;
  std::size_t end = 0;      // of what fits
  std::size_t shorter = 0;  // of what fits with an ellipsis
  while (end < text.size()) {
    const Cluster cluster = first_cluster(text.substr(end));
    used += cluster.width;
    if (used > width) {
      return width == 0 ? std::string()
                        : std::string(text.substr(0, shorter)) + std::string(kEllipsis);
    }
    end += cluster.bytes.size();
    if (used < width) shorter = end;
  }
  return std::string(text);
}

}  // namespace rellama::terminal

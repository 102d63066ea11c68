#include "prompt/marker.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace rellama::prompt {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_word(char c) {
  return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

bool starts_with_ignoring_case(std::string_view text, std::string_view marker) {
  return text.size() >= marker.size() &&
         std::equal(marker.begin(), marker.end(), text.begin(),
                    [](char a, char b) { return lower(a) == lower(b); });
}

// Line endings that a model may recognize: those of ASCII, U+0085, U+2028 and U+2029.
bool ends_line(std::string_view before) {
  return before.empty() || before.ends_with('\n') || before.ends_with('\r') ||
         before.ends_with('\v') || before.ends_with('\f') || before.ends_with("\xc2\x85") ||
         before.ends_with("\xe2\x80\xa8") || before.ends_with("\xe2\x80\xa9");
}

// A quote's `>`, a list's `-` and whitespace before a marker do not matter.
bool starts_line(std::string_view before) {
  while (!ends_line(before)) {
    if (is_word(before.back())) return false;
    before.remove_suffix(1);
  }
  return true;
}

bool is_bar_name(std::string_view text) {
  if (!text.starts_with("<|")) return false;
  std::size_t end = 2;
  while (end < text.size() && is_word(text[end])) ++end;
  return end > 2 && text.substr(end).starts_with("|>");
}

bool is_marker_at(std::string_view text, std::size_t at, const Marker& marker) {
  const std::string_view rest = text.substr(at);
  switch (marker.kind) {
    case MarkerKind::literal: return starts_with_ignoring_case(rest, marker.text);
    case MarkerKind::line_start:
      return starts_with_ignoring_case(rest, marker.text) && starts_line(text.substr(0, at));
    case MarkerKind::bar_name: return is_bar_name(rest);
  }
  return false;
}

// The offset in the marker where a space breaks it.
std::size_t break_offset(const Marker& marker) {
  return marker.text.ends_with(':') ? marker.text.size() - 1 : 1;
}

// The offsets in `text` where spaces must be inserted, in order.
std::vector<std::size_t> find_breaks(std::string_view text, std::span<const Marker> markers) {
  std::vector<std::size_t> breaks;
  for (std::size_t at = 0; at < text.size(); ++at) {
    for (const Marker& marker : markers) {
      if (is_marker_at(text, at, marker)) breaks.push_back(at + break_offset(marker));
    }
  }
  std::sort(breaks.begin(), breaks.end());
  breaks.erase(std::unique(breaks.begin(), breaks.end()), breaks.end());
  return breaks;
}

}  // namespace

std::string neutralize(std::string_view text, std::span<const Marker> markers) {
  std::string result(text);
  // An inserted space can complete another marker that contains one, so this repeats. It
  // terminates: each space separates two characters or turns one space into two, which no marker
  // contains.
  for (auto breaks = find_breaks(result, markers); !breaks.empty();
       breaks = find_breaks(result, markers)) {
    std::string broken;
    broken.reserve(result.size() + breaks.size());
    std::size_t from = 0;
    for (const std::size_t offset : breaks) {
      broken.append(result, from, offset - from).append(1, ' ');
      from = offset;
    }
    broken.append(result, from);
    result = std::move(broken);
  }
  return result;
}

bool has_marker(std::string_view text, std::span<const Marker> markers) {
  return !find_breaks(text, markers).empty();
}

}  // namespace rellama::prompt

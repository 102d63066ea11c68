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

bool begins_with(std::string_view text, std::string_view marker) {
  return text.size() >= marker.size() &&
         std::equal(marker.begin(), marker.end(), text.begin(),
                    [](char a, char b) { return lower(a) == lower(b); });
}

// Whatever a model may take for the end of a line: those of ASCII, U+0085, U+2028 and U+2029.
bool ends_line(std::string_view before) {
  return before.empty() || before.ends_with('\n') || before.ends_with('\r') ||
         before.ends_with('\v') || before.ends_with('\f') || before.ends_with("\xc2\x85") ||
         before.ends_with("\xe2\x80\xa8") || before.ends_with("\xe2\x80\xa9");
}

// A quote's `>`, a list's `-` and a blank of any kind do not hide what comes first on a line.
bool begins_line(std::string_view before) {
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

bool stands_at(std::string_view text, std::size_t at, const Marker& marker) {
  const std::string_view rest = text.substr(at);
  switch (marker.kind) {
    case MarkerKind::literal: return begins_with(rest, marker.text);
    case MarkerKind::line_start:
      return begins_with(rest, marker.text) && begins_line(text.substr(0, at));
    case MarkerKind::bar_name: return is_bar_name(rest);
  }
  return false;
}

// How far into the marker its blank goes.
std::size_t place_of_blank(const Marker& marker) {
  return marker.text.ends_with(':') ? marker.text.size() - 1 : 1;
}

// Where blanks go into `text`, in order.
std::vector<std::size_t> find_places(std::string_view text, std::span<const Marker> markers) {
  std::vector<std::size_t> places;
  for (std::size_t at = 0; at < text.size(); ++at) {
    for (const Marker& marker : markers) {
      if (stands_at(text, at, marker)) places.push_back(at + place_of_blank(marker));
    }
  }
  std::sort(places.begin(), places.end());
  places.erase(std::unique(places.begin(), places.end()), places.end());
  return places;
}

}  // namespace

std::string neutralize(std::string_view text, std::span<const Marker> markers) {
  std::string result(text);
  // A blank that goes in can make a marker that has one. There is an end to it: each blank parts
  // two characters, or makes a single blank a double one, which no marker has.
  for (auto places = find_places(result, markers); !places.empty();
       places = find_places(result, markers)) {
    std::string parted;
    parted.reserve(result.size() + places.size());
    std::size_t from = 0;
    for (const std::size_t place : places) {
      parted.append(result, from, place - from).append(1, ' ');
      from = place;
    }
    parted.append(result, from);
    result = std::move(parted);
  }
  return result;
}

bool has_marker(std::string_view text, std::span<const Marker> markers) {
  return !find_places(text, markers).empty();
}

}  // namespace rellama::prompt

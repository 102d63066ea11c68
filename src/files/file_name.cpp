#include "files/file_name.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <utility>

#include "terminal/visible_text.hpp"

namespace rellama::files {
namespace {

constexpr std::size_t kMaxExtension = 10;

constexpr std::array<std::pair<std::string_view, std::string_view>, 27> kExtensions{{
    {"application/gzip", ".gz"},   {"application/json", ".json"}, {"application/pdf", ".pdf"},
    {"application/x-tar", ".tar"}, {"application/zip", ".zip"},   {"audio/flac", ".flac"},
    {"audio/mp4", ".m4a"},         {"audio/mpeg", ".mp3"},        {"audio/ogg", ".ogg"},
    {"audio/wav", ".wav"},         {"audio/x-wav", ".wav"},       {"image/avif", ".avif"},
    {"image/bmp", ".bmp"},         {"image/gif", ".gif"},         {"image/jpeg", ".jpg"},
    {"image/png", ".png"},         {"image/svg+xml", ".svg"},     {"image/tiff", ".tiff"},
    {"image/webp", ".webp"},       {"model/gltf-binary", ".glb"}, {"text/csv", ".csv"},
    {"text/html", ".html"},        {"text/markdown", ".md"},      {"text/plain", ".txt"},
    {"video/mp4", ".mp4"},         {"video/quicktime", ".mov"},   {"video/webm", ".webm"},
}};

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Invalid escapes stay as they are.
std::string decode_percent(std::string_view text) {
  std::string decoded;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const int high = text[at] == '%' && at + 2 < text.size() ? hex_digit(text[at + 1]) : -1;
    const int low = high < 0 ? -1 : hex_digit(text[at + 2]);
    if (low < 0) {
      decoded += text[at];
      continue;
    }
    decoded += static_cast<char>(high * 16 + low);
    at += 2;
  }
  return decoded;
}

std::string_view last_segment(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  url = url.substr(scheme + 3);
  url = url.substr(0, url.find_first_of("?#"));
  const std::size_t slash = url.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : url.substr(slash + 1);
}

std::size_t length_of_character(unsigned char first) {
  if (first >= 0xF0) return 4;
  if (first >= 0xE0) return 3;
  return first >= 0xC0 ? 2 : 1;
}

bool is_harmless(std::string_view character) {
  constexpr std::string_view kPlain = "-_.+,=@()[]~#";
  if (character.size() > 1) {
    terminal::VisibleText visible;
    return visible.filter(character) == character && visible.finish().empty();
  }
  const auto c = static_cast<unsigned char>(character.front());
  return std::isalnum(c) != 0 || kPlain.find(character.front()) != std::string_view::npos;
}

// Replaces each run of other characters by one underscore.
std::string keep_harmless(std::string_view text) {
  std::string kept;
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view character =
        text.substr(at, length_of_character(static_cast<unsigned char>(text[at])));
    if (is_harmless(character)) {
      kept += character;
      at += character.size();
    } else {
      if (!kept.ends_with('_')) kept += '_';
      ++at;
    }
  }
  return kept;
}

// The extension with its dot; empty if there is none.
std::string_view extension_of(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return {};
  const std::string_view extension = name.substr(dot);
  const bool usable = extension.size() > 1 && extension.size() <= kMaxExtension + 1 &&
                      std::all_of(extension.begin() + 1, extension.end(),
                                  [](unsigned char c) { return c < 0x80 && std::isalnum(c) != 0; });
  return usable ? extension : std::string_view();
}

// Cuts between two characters.
std::string_view cut(std::string_view text, std::size_t most) {
  if (text.size() <= most) return text;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0U) == 0x80U) --most;
  return text.substr(0, most);
}

}  // namespace

std::string file_name_of(std::string_view url, std::size_t number) {
  const std::string harmless = keep_harmless(decode_percent(last_segment(url)));
  std::string_view name = harmless;
  name.remove_prefix(std::min(name.find_first_not_of(".-"), name.size()));
  name = name.substr(0, name.find_last_not_of('.') + 1);
  if (name.find_first_not_of("_.-") == std::string_view::npos) {
    return "output-" + std::to_string(number);
  }
  const std::string_view extension = extension_of(name);
  const std::string_view stem = name.substr(0, name.size() - extension.size());
  return std::string(cut(stem, kMaxName - extension.size())).append(extension);
}

std::string with_extension(std::string name, std::string_view media_type) {
  if (!extension_of(name).empty()) return name;
  const auto found = std::find_if(kExtensions.begin(), kExtensions.end(),
                                  [&](const auto& row) { return row.first == media_type; });
  if (found != kExtensions.end()) return name.append(found->second);
  return name;
}

std::string numbered(const std::string& name, std::size_t number) {
  if (number == 1) return name;
  const std::string_view extension = extension_of(name);
  return name.substr(0, name.size() - extension.size())
      .append("-" + std::to_string(number))
      .append(extension);
}

}  // namespace rellama::files

#include "wire/media_type.hpp"

#include <array>
#include <string>

#include "wire/lower_case.hpp"
#include "wire/utf8.hpp"

namespace rellama::wire {
namespace {

struct Extension {
  std::string_view name;
  std::string_view type;
};

// https://www.iana.org/assignments/media-types for what models take.
constexpr std::array kExtensions{
    Extension{"bmp", "image/bmp"},       Extension{"csv", "text/csv"},
    Extension{"flac", "audio/flac"},     Extension{"gif", "image/gif"},
    Extension{"heic", "image/heic"},     Extension{"htm", "text/html"},
    Extension{"html", "text/html"},      Extension{"jpeg", "image/jpeg"},
    Extension{"jpg", "image/jpeg"},      Extension{"json", "application/json"},
    Extension{"m4a", "audio/mp4"},       Extension{"md", "text/markdown"},
    Extension{"mov", "video/quicktime"}, Extension{"mp3", "audio/mpeg"},
    Extension{"mp4", "video/mp4"},       Extension{"ogg", "audio/ogg"},
    Extension{"pdf", "application/pdf"}, Extension{"png", "image/png"},
    Extension{"svg", "image/svg+xml"},   Extension{"tar", "application/x-tar"},
    Extension{"tif", "image/tiff"},      Extension{"tiff", "image/tiff"},
    Extension{"txt", "text/plain"},      Extension{"wav", "audio/wav"},
    Extension{"webm", "video/webm"},     Extension{"webp", "image/webp"},
    Extension{"xml", "application/xml"}, Extension{"zip", "application/zip"},
};

// How files begin that often have no extension, or a wrong one.
constexpr std::array kSignatures{
    Extension{"\x89PNG\r\n\x1a\n", "image/png"},
    Extension{"\xFF\xD8\xFF", "image/jpeg"},
    Extension{"GIF8", "image/gif"},
    Extension{"%PDF-", "application/pdf"},
};

std::string extension_of(std::string_view name) {
  const auto dot = name.find_last_of("./");
  if (dot == std::string_view::npos || name[dot] == '/') return {};
  return lower_case(name.substr(dot + 1));
}

}  // namespace

std::string_view media_type_of(std::string_view name, std::string_view bytes) {
  const std::string extension = extension_of(name);
  for (const auto& [known, type] : kExtensions) {
    if (extension == known) return type;
  }
  for (const auto& [signature, type] : kSignatures) {
    if (bytes.starts_with(signature)) return type;
  }
  const bool is_text = bytes.find('\0') == std::string_view::npos && !find_invalid_utf8(bytes);
  return is_text ? "text/plain" : "application/octet-stream";
}

}  // namespace rellama::wire

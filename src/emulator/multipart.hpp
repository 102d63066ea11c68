#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rellama::emulator {

/// One field of a form.
struct FormPart {
  std::string name;
  std::string file_name;     ///< "" if it has none
  std::string content_type;  ///< "" if it has none
  std::string body;
};

/// Parses a `multipart/form-data` body (RFC 7578). Returns nothing if `content_type` is not of that
/// kind or the body is malformed.
[[nodiscard]] std::optional<std::vector<FormPart>> parse_form(std::string_view content_type,
                                                              std::string_view body);

}  // namespace rellama::emulator

#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace rellama::wire {

/// A file that is its own address (RFC 2397).
struct DataUrl {
  std::string media_type;  ///< without parameters; "text/plain" where none is given
  std::string bytes;
};

/// Reads `data:[TYPE][;PARAMETER…][;base64],DATA`; nothing if it is none, or its data cannot be
/// decoded whole.
[[nodiscard]] std::optional<DataUrl> parse_data_url(std::string_view url);

}  // namespace rellama::wire

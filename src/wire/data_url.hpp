#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace rellama::wire {

/// The content of a `data:` URL (RFC 2397).
struct DataUrl {
  std::string media_type;  ///< lower case, without parameters; "text/plain" if none is given
  std::string bytes;
};

/// Parses `data:[TYPE][;PARAMETER…][;base64],DATA`. Returns nullopt if `url` is not a `data:` URL,
/// or if any of its data cannot be decoded.
[[nodiscard]] std::optional<DataUrl> parse_data_url(std::string_view url);

/// Renders `bytes` as a `data:` URL in base64.
[[nodiscard]] std::string render_data_url(std::string_view media_type, std::string_view bytes);

/// Renders `bytes` in base64 (RFC 4648 §4), with padding.
[[nodiscard]] std::string render_base64(std::string_view bytes);

}  // namespace rellama::wire

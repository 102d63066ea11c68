#pragma once

#include <string_view>

namespace rellama::wire {

/// The media type of a file: that of its extension, or of its bytes, or else
/// application/octet-stream.
[[nodiscard]] std::string_view media_type_of(std::string_view name, std::string_view bytes);

}  // namespace rellama::wire

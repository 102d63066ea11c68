#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace rellama::emulator {

/// Encodes bytes in base64 (RFC 4648 §4), with padding.
[[nodiscard]] std::string base64(std::string_view bytes);

/// Decodes the same, whose padding is required. Returns nothing if it is anything else.
[[nodiscard]] std::optional<std::string> decode_base64(std::string_view text);

}  // namespace rellama::emulator

#pragma once

#include <string>
#include <string_view>

namespace rellama::emulator {

/// Encodes bytes in base64 (RFC 4648 §4), with padding.
[[nodiscard]] std::string base64(std::string_view bytes);

}  // namespace rellama::emulator

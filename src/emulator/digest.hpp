#pragma once

#include <string>
#include <string_view>

namespace rellama::emulator {

/// Returns the SHA-256 of `bytes` in hexadecimal digits.
[[nodiscard]] std::string sha256_hex(std::string_view bytes);

/// Returns the HMAC-SHA256 (RFC 2104) of `bytes`: 32 bytes.
[[nodiscard]] std::string hmac_sha256(std::string_view key, std::string_view bytes);

}  // namespace rellama::emulator

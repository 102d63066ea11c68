#pragma once

#include <cstddef>
#include <string>

namespace rellama::system {

/// `bytes` random bytes from the system, at most 256, as hexadecimal digits. Nobody can guess them.
/// Throws Error (internal) if the system has none.
[[nodiscard]] std::string random_hex(std::size_t bytes);

}  // namespace rellama::system

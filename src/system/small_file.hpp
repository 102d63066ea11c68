#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace rellama::system {

/// The rest of an open regular file, or its first `most` bytes if it has more. Nothing if it cannot
/// be read; `errno` has the reason.
[[nodiscard]] std::optional<std::string> read_up_to(int fd, std::size_t most);

}  // namespace rellama::system

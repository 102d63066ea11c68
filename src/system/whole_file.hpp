#pragma once

#include <cstddef>
#include <string>

#include "rellama/stop.hpp"

namespace rellama::system {

/// The size up to which text is read from a file: 64 MiB.
inline constexpr std::size_t kMostText = std::size_t{64} << 20;

/// Reads a file of any kind to its end: a regular file, a FIFO, a terminal. Throws Error:
/// invalid_input if it cannot be read or has more than `most` bytes, or why `stop` was requested
/// before the end.
[[nodiscard]] std::string read_whole_file(const std::string& path, const StopToken& stop,
                                          std::size_t most = kMostText);

}  // namespace rellama::system

#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace rellama::system {

/// Reads a file that controls what rellama does, such as the configuration; none if there is no
/// such file. Throws Error (invalid_input) if other users can change it, with the command to run,
/// or if it is not a readable regular file of at most 1 MiB.
[[nodiscard]] std::optional<std::string> find_own_text(const std::filesystem::path& path);

}  // namespace rellama::system

#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace rellama::system {

/// The text of a file that says what rellama does, such as the configuration; none if there is no
/// such file. Throws Error (invalid_input) for a file that others can change, with the command to
/// run, and for whatever is not a regular file of at most 1 MiB that can be read.
[[nodiscard]] std::optional<std::string> find_own_text(const std::filesystem::path& path);

}  // namespace rellama::system

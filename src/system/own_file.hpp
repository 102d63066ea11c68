#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace rellama::system {

/// A file that controls what rellama does.
struct OwnText {
  std::string text;
  bool group_can_write = false;
};

/// Reads a file that controls what rellama does, such as the configuration; none if there is no
/// such file. Throws Error (invalid_input) if all other users can change it, with the command to
/// run, or if it is not a readable regular file of at most 1 MiB.
[[nodiscard]] std::optional<OwnText> find_own_text(const std::filesystem::path& path);

}  // namespace rellama::system

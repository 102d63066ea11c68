#pragma once

#include <filesystem>
#include <string_view>

namespace rellama::system {

/// Writes a file with mode 0600, creating missing directories with mode 0700. The old file stays
/// until the new one is complete. A symbolic link stays: what it leads to is replaced. Throws Error
/// (internal) with the reason.
void write_private_file(const std::filesystem::path& path, std::string_view text);

}  // namespace rellama::system

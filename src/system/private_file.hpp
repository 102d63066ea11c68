#pragma once

#include <filesystem>
#include <string_view>

namespace rellama::system {

/// Writes a file of mode 0600, in directories of mode 0700 that are made where they are missing.
/// The old file stays until the new one is whole. Throws Error (internal) with the reason.
void write_private_file(const std::filesystem::path& path, std::string_view text);

}  // namespace rellama::system

#pragma once

#include <filesystem>

namespace rellama::system {

/// Where a file is that is written through `path`: the end of a chain of symbolic links, which need
/// not exist; `path` itself if it is no link. Throws Error (invalid_input) for links that go in a
/// circle or to a device, and for another user's link, which could direct us to any file of ours.
[[nodiscard]] std::filesystem::path follow_links(const std::filesystem::path& path);

}  // namespace rellama::system

#pragma once

#include <filesystem>
#include <string_view>

#include "rellama/error.hpp"

namespace rellama::files {

/// Whether a file may take the place of another.
enum class Overwrite { no, yes };

/// Gives the open file `fd`, which is at `from`, the name `to`, all at once: whoever looks sees the
/// old file, none, or the whole new one. False if there is something at `to` that must not be
/// overwritten; then nothing has changed. A symbolic link is itself what is overwritten. Throws
/// Error (internal).
[[nodiscard]] bool put_in_place(int fd, const std::filesystem::path& from,
                                const std::filesystem::path& to, Overwrite overwrite);

/// Writes all of it. Throws Error (internal), which names `path`.
void write_all(int fd, std::string_view bytes, const std::filesystem::path& path);

/// The error of a system call that could not write `path`.
[[nodiscard]] Error cannot_write(const std::filesystem::path& path, int error);

}  // namespace rellama::files

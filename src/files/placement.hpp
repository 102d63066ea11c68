#pragma once

#include <filesystem>
#include <string_view>

#include "rellama/error.hpp"

namespace rellama::files {

/// Whether a file may replace another.
enum class Overwrite { no, yes };

/// Renames the open file `fd` from `from` to `to` atomically: others see the old file, none, or the
/// complete new one. A file that overwrites another gets its permissions, but not its setuid and
/// setgid bits. False, with nothing changed, if `to` exists and must not be overwritten. A symbolic
/// link is itself overwritten. Throws Error (internal).
[[nodiscard]] bool put_in_place(int fd, const std::filesystem::path& from,
                                const std::filesystem::path& to, Overwrite overwrite);

/// Writes the contents of the file to the disk, so that no crash leaves it empty under the name
/// `path`, which it is to get. Throws Error (internal).
void sync(int fd, const std::filesystem::path& path);

/// Makes the name of a file survive a crash too, where the file system can.
void sync_directory(const std::filesystem::path& file);

/// Writes all bytes. Throws Error (internal) naming `path`.
void write_all(int fd, std::string_view bytes, const std::filesystem::path& path);

/// The error of a system call that could not write `path`.
[[nodiscard]] Error cannot_write(const std::filesystem::path& path, int error);

}  // namespace rellama::files

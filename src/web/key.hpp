#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace rellama::web {

/// Whether `key` can be one: 16 to 256 characters that cookies and headers carry unchanged.
[[nodiscard]] bool is_usable_key(std::string_view key) noexcept;

/// Reads a key from the first line of a file. Throws Error (invalid_input) if it is no key, if the
/// file is a symbolic link, or if another user owns it or can read it.
[[nodiscard]] std::string read_key(const std::filesystem::path& path);

enum class NewKey { if_missing, always };

/// The key in the file at `path`, which is created with a random key if it is missing, or replaced.
/// Two servers that start at once get the same key. Throws Error as `read_key`, or internal if the
/// file cannot be written.
[[nodiscard]] std::string keep_key(const std::filesystem::path& path, NewKey new_key);

/// Compares two texts in a time that depends only on their lengths.
[[nodiscard]] bool same_secret(std::string_view given, std::string_view secret) noexcept;

}  // namespace rellama::web

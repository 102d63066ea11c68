#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

#include "rellama/api_token.hpp"

namespace rellama::settings {

/// Reads the token in `text`, without surrounding white space, a byte order mark and quotes,
/// also if it is written as `NAME=token`; none if there is nothing else.
/// Throws Error (invalid_input), naming the text's origin `where`, if it is not a valid token.
[[nodiscard]] std::optional<ApiToken> parse_token(std::string_view text, std::string_view where);

/// Reads the token on the first line of a file; none if there is no such file. Throws Error
/// (unauthorized) if others can read the file, with the `chmod` to run, or if it is not a small
/// regular file with a token.
[[nodiscard]] std::optional<ApiToken> find_token(const std::filesystem::path& path);

/// Stores a token so that only its owner can read it: with mode 0600, atomically, creating missing
/// directories with mode 0700. Throws Error (internal).
void write_token(const std::filesystem::path& path, const ApiToken& token);

/// Removes the file. False if there was none. Throws Error (internal).
bool remove_token(const std::filesystem::path& path);

}  // namespace rellama::settings

#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

#include "rellama/api_token.hpp"

namespace rellama::settings {

/// The token in `text`, without the white space around it; none if there is nothing else. Throws
/// Error (invalid_input), naming `where` the text is from, if it cannot be a token.
[[nodiscard]] std::optional<ApiToken> parse_token(std::string_view text, std::string_view where);

/// Reads the token in the first line of a file; none if there is no such file. Throws Error
/// (unauthorized) for a file that others can read, with the `chmod` to run, and for whatever is not
/// a small regular file with a token in it.
[[nodiscard]] std::optional<ApiToken> find_token(const std::filesystem::path& path);

/// Stores a token so that only its owner can read it: mode 0600, replaced in one step, its
/// directories created with 0700. Throws Error (internal).
void write_token(const std::filesystem::path& path, const ApiToken& token);

/// Removes the file; false if there was none. Throws Error (internal).
bool remove_token(const std::filesystem::path& path);

}  // namespace rellama::settings

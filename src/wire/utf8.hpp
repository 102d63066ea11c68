#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace rellama::wire {

/// The number of bytes at the end of `text` that start an incomplete UTF-8 character: 0 to 3. Bytes
/// that can never become a valid character count as complete.
[[nodiscard]] std::size_t incomplete_suffix(std::string_view text) noexcept;

/// The offset of the first byte that is not valid UTF-8 (RFC 3629: no surrogates, no overlong
/// forms), or nullopt.
[[nodiscard]] std::optional<std::size_t> find_invalid_utf8(std::string_view text) noexcept;

/// Appends `character`, which must be a valid code point (no surrogate, at most U+10FFFF), to
/// `text`.
void append_utf8(char32_t character, std::string& text);

}  // namespace rellama::wire

#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace rellama::wire {

/// How many bytes at the end of `text` begin a UTF-8 character that is not complete yet: 0 to 3.
/// Bytes that can never become a character count as complete.
[[nodiscard]] std::size_t incomplete_suffix(std::string_view text) noexcept;

/// Where the first byte stands that is not UTF-8 (RFC 3629: no surrogates, nothing overlong), if
/// there is one.
[[nodiscard]] std::optional<std::size_t> find_invalid_utf8(std::string_view text) noexcept;

/// Adds a character, which must be one (no surrogate, none past U+10FFFF), to `text`.
void append_utf8(char32_t character, std::string& text);

}  // namespace rellama::wire

#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace rellama::http {

/// Parses a date in one of the formats HTTP allows ("Sun, 06 Nov 1994 08:49:37 GMT"). Returns
/// nullopt if `text` is not a date.
[[nodiscard]] std::optional<std::chrono::system_clock::time_point> parse_date(
    const std::string& text);

}  // namespace rellama::http

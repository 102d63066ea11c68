#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace rellama::http {

/// Reads a date in one of the forms HTTP allows ("Sun, 06 Nov 1994 08:49:37 GMT"); nothing if it is
/// none.
[[nodiscard]] std::optional<std::chrono::system_clock::time_point> parse_date(
    const std::string& text);

}  // namespace rellama::http

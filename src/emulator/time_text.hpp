#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace rellama::emulator {

using WallTime = std::chrono::time_point<std::chrono::system_clock, std::chrono::microseconds>;

/// `2024-10-04T18:07:40.328000Z`
[[nodiscard]] std::string time_text(WallTime time);

/// `Sun, 06 Nov 1994 08:49:37 GMT`
[[nodiscard]] std::string http_date(WallTime time);

/// Parses a date, or a date and time with an offset or Z.
[[nodiscard]] std::optional<WallTime> parse_time(std::string_view text);

/// Parses the value of Cancel-After: `30`, `30s`, `5m`, `1h`, `1m30s` (docs/protocol.md §2).
[[nodiscard]] std::optional<std::chrono::seconds> parse_duration(std::string_view text);

}  // namespace rellama::emulator

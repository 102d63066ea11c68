#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace rellama::wire {

/// Reads a time as Replicate writes it, `2024-10-04T18:07:40.328Z`, with any number of fractional
/// digits (docs/protocol.md §3); nothing if it is none.
[[nodiscard]] std::optional<std::chrono::system_clock::time_point> parse_iso_time(
    std::string_view text);

/// The same form with milliseconds.
[[nodiscard]] std::string render_iso_time(std::chrono::system_clock::time_point time);

}  // namespace rellama::wire

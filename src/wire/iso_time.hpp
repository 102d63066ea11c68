#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace rellama::wire {

/// Parses a time as Replicate writes it, `2024-10-04T18:07:40.328Z`, with any number of fractional
/// digits (docs/protocol.md §3). Returns nullopt if `text` is not such a time.
[[nodiscard]] std::optional<std::chrono::system_clock::time_point> parse_iso_time(
    std::string_view text);

/// Renders the same format, with milliseconds.
[[nodiscard]] std::string render_iso_time(std::chrono::system_clock::time_point time);

}  // namespace rellama::wire

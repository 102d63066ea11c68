#pragma once

#include <chrono>
#include <string_view>

namespace rellama::settings {

/// Parses a duration: `30` (seconds), `30s`, `5m`, `1m30s`, `1.5s`, `500ms`, `2h`. Units go from
/// large to small, each at most once. Throws Error (invalid_input) with the accepted forms for
/// anything else, for what rounds to zero, and for more than a year.
[[nodiscard]] std::chrono::milliseconds parse_duration(std::string_view text);

}  // namespace rellama::settings

#pragma once

#include <chrono>
#include <string_view>

namespace rellama::settings {

/// Reads a duration as a user writes it: `30` and `30s` are seconds, then `5m`, `1m30s`, `1.5s`,
/// `500ms`, `2h`. Units go from large to small, each once. Throws Error (invalid_input) with the
/// accepted forms for anything else, for what rounds to nothing and for more than a year.
[[nodiscard]] std::chrono::milliseconds parse_duration(std::string_view text);

}  // namespace rellama::settings

#pragma once

#include <string>

#include "history/turn.hpp"

namespace rellama::program {

/// Parses a point in time: a date in the local time zone, `2026-11-23` or `2026-11-23T18:30`,
/// `today` or `yesterday`, or an age before `now`, `7d`, `12h` or `90m`. Throws Error
/// (invalid_input).
[[nodiscard]] history::Time parse_time_filter(const std::string& text, history::Time now);

/// A time in the local time zone: 2026-11-23 18:30.
[[nodiscard]] std::string render_local_time(history::Time time);

}  // namespace rellama::program

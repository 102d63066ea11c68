#pragma once

#include <string>

#include "history/turn.hpp"

// Times as people type and read them: in the local time zone. JSON has UTC (wire/iso_time.hpp).

namespace rellama::program {

/// Parses a point in time: a date in the local time zone, `2026-11-23`, `2026-11-23T18:30` or
/// `2026-11-23 18:30`, `today` or `yesterday`, or an age before `now`, `7d`, `12h` or `90m`. Throws
/// Error (invalid_input).
[[nodiscard]] history::Time parse_time_filter(const std::string& text, history::Time now);

/// A time in the local time zone: 2026-11-23 18:30.
[[nodiscard]] std::string render_local_time(history::Time time);

/// The same for a time in ISO 8601, as it came if it is none.
[[nodiscard]] std::string render_local_time(const std::string& iso);

/// The day of that time in the local time zone: 2026-11-23.
[[nodiscard]] std::string render_local_day(const std::string& iso);

}  // namespace rellama::program

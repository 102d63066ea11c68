#pragma once

#include <string>

#include "history/turn.hpp"

namespace rellama::program {

/// Reads when something began: a day, `2026-11-23`, with or without a time, `2026-11-23T18:30`, of
/// this machine's zone; or how long ago, `7d`, `12h`, `90m`, seen from `now`. Throws Error
/// (invalid_input).
[[nodiscard]] history::Time parse_since(const std::string& text, history::Time now);

/// A time as a person of this machine's zone writes it: 2026-11-23 18:30.
[[nodiscard]] std::string render_local_time(history::Time time);

}  // namespace rellama::program

#pragma once

#include <string_view>

#include "rellama/stop.hpp"
#include "terminal/streams.hpp"

namespace rellama::terminal {

/// Whether an answer to a yes-or-no question is yes. Anything but "y" and "yes" is no.
[[nodiscard]] bool is_yes(std::string_view answer);

/// Asks on `screen` and reads the answer from the controlling terminal, because standard input has
/// something else. False if there is no terminal. Throws Error: the reason of `stop`.
[[nodiscard]] bool confirm(OutputStream& screen, std::string_view question, const StopToken& stop);

}  // namespace rellama::terminal

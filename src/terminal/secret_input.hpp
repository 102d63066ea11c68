#pragma once

#include <string>
#include <string_view>

#include "rellama/stop.hpp"

namespace rellama::terminal {

/// Reads a line from the controlling terminal, whatever stdin and stdout are, without echo.
/// Backspace and Ctrl-U work. Restores the terminal when it returns or throws. Throws Error:
/// interrupted for Ctrl-C or Ctrl-D, the reason of `stop`, or invalid_input if there is no terminal
/// or the line is longer than 4096 bytes.
[[nodiscard]] std::string read_secret(std::string_view prompt, const StopToken& stop);

/// The same on a terminal that is already open.
[[nodiscard]] std::string read_secret(int terminal, std::string_view prompt, const StopToken& stop);

}  // namespace rellama::terminal

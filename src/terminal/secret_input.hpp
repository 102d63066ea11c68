#pragma once

#include <string>
#include <string_view>

#include "rellama/stop.hpp"

namespace rellama::terminal {

/// Asks for a line on the controlling terminal, whatever stdin and stdout are, without showing what
/// is typed. Backspace and Ctrl-U work. The terminal is as before when this returns or throws.
/// Throws Error: interrupted for Ctrl-C or Ctrl-D, the reason of `stop`, invalid_input if there is
/// no terminal or the line has more than 4096 bytes.
[[nodiscard]] std::string read_secret(std::string_view prompt, const StopToken& stop);

/// The same on a terminal that is open already.
[[nodiscard]] std::string read_secret(int terminal, std::string_view prompt, const StopToken& stop);

}  // namespace rellama::terminal

#pragma once

#include <string_view>

#include "terminal/streams.hpp"

namespace rellama::terminal {

/// Asks a terminal to put `text` on the clipboard of the machine it runs on, with the escape
/// sequence OSC 52.
void copy_to_clipboard(std::string_view text, OutputStream& out);

}  // namespace rellama::terminal

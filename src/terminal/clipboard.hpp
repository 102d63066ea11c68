#pragma once

#include <string>
#include <string_view>

namespace rellama::terminal {

/// The escape sequence OSC 52, with which a terminal puts `text` on the clipboard of the machine it
/// runs on.
[[nodiscard]] std::string render_clipboard(std::string_view text);

}  // namespace rellama::terminal

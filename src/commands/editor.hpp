#pragma once

#include <string>

#include "commands/context.hpp"

namespace rellama::commands {

/// Lets the user change a text in the editor that VISUAL or EDITOR names (vi, if neither does), and
/// gives what was saved, without line ends at its end. The file it is in is readable by the user
/// only, and is gone afterwards. Throws Error (invalid_input) if the editor cannot be run, says
/// that it failed, or leaves what is not UTF-8.
[[nodiscard]] std::string edit_text(const std::string& text, const Context& context);

}  // namespace rellama::commands

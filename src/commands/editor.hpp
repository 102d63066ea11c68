#pragma once

#include <filesystem>
#include <string>

#include "commands/context.hpp"

namespace rellama::commands {

/// Opens a file in $VISUAL, else $EDITOR, else vi, and waits for its end. Throws Error
/// (invalid_input) if the editor does not end well.
void edit_file(const std::filesystem::path& path, const Context& context);

/// Lets the user edit `text` in a file that only its owner can read and that goes away afterwards;
/// gives what became of it, without line ends at the end. Throws Error as `edit_file` does, and for
/// what is not UTF-8.
[[nodiscard]] std::string edit_text(const std::string& text, const Context& context);

}  // namespace rellama::commands

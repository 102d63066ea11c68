#pragma once

#include <filesystem>
#include <string>

#include "options/context.hpp"

namespace rellama::program {

/// Opens a file in $VISUAL, else $EDITOR, else vi, and waits until the editor exits. Throws Error
/// (invalid_input) if the editor fails.
void edit_file(const std::filesystem::path& path, const Context& context);

/// Lets the user edit `text` in a private temporary file. Returns the edited text without trailing
/// newlines. Throws Error as `edit_file` does, and if the text is not UTF-8. Then a changed file is
/// kept, and the user is told where.
[[nodiscard]] std::string edit_text(const std::string& text, const Context& context);

/// Saves text that could not be used in such a file and tells the user where.
void keep_text(const std::string& text, const Context& context) noexcept;

}  // namespace rellama::program

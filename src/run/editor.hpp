#pragma once

#include <filesystem>
#include <string>

#include "options/context.hpp"

namespace rellama::program {

/// Opens a file in $VISUAL, else $EDITOR, else vi, and waits for its end. Throws Error
/// (invalid_input) if the editor does not end well.
void edit_file(const std::filesystem::path& path, const Context& context);

/// Lets the user edit `text` in a file that only its owner can read and that goes away afterwards;
/// gives what became of it, without line ends at the end. Throws Error as `edit_file` does, and for
/// what is not UTF-8: then the file stays if there is something new in it, and the user is told.
[[nodiscard]] std::string edit_text(const std::string& text, const Context& context);

/// Keeps what was written for nothing in such a file, and tells the user where.
void keep_text(const std::string& text, const Context& context) noexcept;

}  // namespace rellama::program

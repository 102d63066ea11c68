// The page's scripts and style sheet, as the program serves them: without comments and blanks, in
// one file each. Used when the program is built.

#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace rellama::web {

/// Joins an ES module and what it imports into one script without imports. The modules share one
/// scope: a name may be declared at the top of one of them only. Statements must end in semicolons.
/// Names of private members (`#name`) become short. Throws std::runtime_error.
[[nodiscard]] std::string join_modules(const std::filesystem::path& main);

/// One script without comments and blanks, under the same rules.
[[nodiscard]] std::string squeeze_script(std::string_view script);

/// A style sheet without comments and blanks.
[[nodiscard]] std::string squeeze_style(std::string_view style);

/// A page without the blanks at the beginnings of its lines.
[[nodiscard]] std::string squeeze_markup(std::string_view markup);

}  // namespace rellama::web

#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rellama::terminal {

/// The paths that start with `word`, sorted. A directory ends with a slash. Hidden files are left
/// out unless the word starts the name of one.
[[nodiscard]] std::vector<std::string> complete_file(std::string_view word);

}  // namespace rellama::terminal

#pragma once

#include <string_view>

namespace rellama::program {

enum class Shell { bash, zsh, fish };

/// What a shell has to read to complete the words of rellama. It knows none of them: it asks
/// `rellama __complete` each time, so that it is never behind the program.
[[nodiscard]] std::string_view completion_script(Shell shell) noexcept;

}  // namespace rellama::program

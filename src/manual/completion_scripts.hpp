#pragma once

#include <string_view>

namespace rellama::program {

enum class Shell { bash, zsh, fish };

/// The script that makes a shell complete rellama's arguments. It calls `rellama __complete` each
/// time, so it never gets out of date.
[[nodiscard]] std::string_view completion_script(Shell shell) noexcept;

}  // namespace rellama::program

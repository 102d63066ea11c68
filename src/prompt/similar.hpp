#pragma once

#include <span>
#include <string>
#include <string_view>

namespace rellama::prompt {

/// The candidate that `name` was probably meant to be: at most two edits away, or starting with
/// `name`. Empty if there is none.
[[nodiscard]] std::string find_similar(std::string_view name,
                                       std::span<const std::string> candidates);

}  // namespace rellama::prompt

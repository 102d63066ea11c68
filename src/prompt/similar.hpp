#pragma once

#include <span>
#include <string>
#include <string_view>

namespace rellama::prompt {

/// The candidate that `name` was probably meant to be: at most two edits away, or starting with
/// `name`. Empty if there is none.
[[nodiscard]] std::string find_similar(std::string_view name,
                                       std::span<const std::string> candidates);

/// Whether `word` is `name` with one typing error: two swapped neighbors, or, in a word of more
/// than five letters, any one edit. Many short words are one edit from another: "chart", "what" and
/// "cat" from "chat".
[[nodiscard]] bool is_near_miss(std::string_view word, std::string_view name);

}  // namespace rellama::prompt

#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace rellama::terminal {

/// Wraps text in lines of at most `width` columns (at least 1). Breaks at spaces, between wide
/// characters, and inside words that are longer than a line. Keeps the indent of a paragraph, and
/// drops the spaces at a break. A tab is four spaces. A line is wider only if a single character
/// is. Empty text has no lines. The text must be safe to show (visible_text.hpp).
[[nodiscard]] std::vector<std::string> wrap_words(std::string_view text, std::size_t width);

}  // namespace rellama::terminal

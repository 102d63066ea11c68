#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace rellama::terminal {

/// Text in lines of at most `width` columns (at least 1): broken at spaces, between wide
/// characters, and inside of words that are longer than a line. What indents a paragraph stays, the
/// spaces at a break go; a tab is four spaces. Only a character that is wider than a line alone
/// makes it wider. Text without characters is no line; the text must be safe to show
/// (visible_text.hpp).
[[nodiscard]] std::vector<std::string> wrap_words(std::string_view text, std::size_t width);

}  // namespace rellama::terminal

#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace rellama::terminal {

/// What becomes of a word that is longer than a line: it is broken, or it has a line for itself,
/// which is too long. A URL, an ID or a path is kept, so that it can be copied.
enum class LongWords { broken, kept };

/// Wraps text in lines of at most `width` columns (at least 1). Breaks at spaces, between wide
/// characters, and inside words that are longer than a line. Keeps the indent of a paragraph, and
/// drops the spaces at a break. A tab is four spaces. A line is wider only if a single character
/// is, or a long word that is kept. Empty text has no lines. The text must be safe to show
/// (visible_text.hpp).
[[nodiscard]] std::vector<std::string> wrap_words(std::string_view text, std::size_t width,
                                                  LongWords long_words = LongWords::broken);

/// The same lines in one text, each with its end. Long words are kept. 0: any width fits.
[[nodiscard]] std::string render_wrapped(std::string_view text, std::size_t width);

}  // namespace rellama::terminal

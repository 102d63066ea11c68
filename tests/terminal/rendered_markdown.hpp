#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "terminal/markdown_renderer.hpp"

namespace rellama::tests {

/// Written marks: output without escape sequences is easier to read in a test.
inline constexpr terminal::MarkdownForm kWritten{.marks = terminal::SpanMarks::written,
                                                 .glyphs = terminal::Glyphs::unicode};
inline constexpr terminal::MarkdownForm kStyled{.marks = terminal::SpanMarks::styles,
                                                .glyphs = terminal::Glyphs::unicode};
inline constexpr terminal::MarkdownForm kAscii{.marks = terminal::SpanMarks::written,
                                               .glyphs = terminal::Glyphs::ascii};

/// Renders a text that arrives in these pieces.
inline std::string render_pieces(const std::vector<std::string_view>& pieces,
                                 terminal::MarkdownForm form = kWritten, int columns = 80) {
  terminal::MarkdownRenderer renderer(form, [columns] { return columns; });
  std::string rendered;
  for (const std::string_view piece : pieces) rendered += renderer.feed(piece);
  return rendered + renderer.finish();
}

inline std::string render(std::string_view text, terminal::MarkdownForm form = kWritten,
                          int columns = 80) {
  return render_pieces({text}, form, columns);
}

}  // namespace rellama::tests

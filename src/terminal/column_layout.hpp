#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "terminal/style.hpp"

namespace rellama::terminal {

/// The narrowest column that is comfortable to read.
inline constexpr std::size_t kReadableColumn = 24;

/// The width of each of `count` columns on a screen, with lines between them; nothing if that is
/// less than `least`. The last column of the screen stays free, because some terminals wrap when it
/// is filled.
[[nodiscard]] std::optional<std::size_t> find_column_width(std::size_t count, int screen_columns,
                                                           std::size_t least = kReadableColumn);

/// How columns are drawn.
struct ColumnStyle {
  Glyphs glyphs = Glyphs::unicode;
  bool bold = false;  ///< the headings
};

/// The content of one column.
struct ColumnText {
  std::string heading;
  std::string text;
  std::string state;  ///< shown below while the text is incomplete
};

/// The columns in full, line by line: headings, a rule, texts.
[[nodiscard]] std::vector<std::string> lay_out(const std::vector<ColumnText>& columns,
                                               std::size_t width, const ColumnStyle& style);

/// The part that fits into `height` lines: headings, a rule, the end of each text, the states.
/// Empty if not even one line of text fits.
[[nodiscard]] std::vector<std::string> lay_out_ends(const std::vector<ColumnText>& columns,
                                                    std::size_t width, std::size_t height,
                                                    const ColumnStyle& style);

}  // namespace rellama::terminal

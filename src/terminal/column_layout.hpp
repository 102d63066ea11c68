#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "terminal/style.hpp"

namespace rellama::terminal {

/// The narrowest column in which an answer reads well.
inline constexpr std::size_t kReadableColumn = 24;

/// How wide each of `count` columns is on a screen, with lines between them; nothing if that is
/// less than `least`. The last column of the screen stays free: not every terminal can fill it and
/// go on.
[[nodiscard]] std::optional<std::size_t> find_column_width(std::size_t count, int screen_columns,
                                                           std::size_t least = kReadableColumn);

/// How columns are drawn.
struct ColumnStyle {
  Glyphs glyphs = Glyphs::unicode;
  bool bold = false;  ///< the headings
};

/// What stands in one column.
struct ColumnText {
  std::string heading;
  std::string text;
  std::string state;  ///< what goes below it while it is not complete
};

/// All of the columns, line by line: headings, a rule, texts.
[[nodiscard]] std::vector<std::string> lay_out(const std::vector<ColumnText>& columns,
                                               std::size_t width, const ColumnStyle& style);

/// What fits into `height` lines: headings, a rule, the end of each text, the states. Empty if that
/// is too little for a line of text.
[[nodiscard]] std::vector<std::string> lay_out_ends(const std::vector<ColumnText>& columns,
                                                    std::size_t width, std::size_t height,
                                                    const ColumnStyle& style);

}  // namespace rellama::terminal

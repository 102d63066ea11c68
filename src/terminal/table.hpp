#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "terminal/streams.hpp"

namespace rellama::terminal {

/// A column of a table, and what becomes of it in a narrow window.
struct TableColumn {
  std::string title;
  /// Cells are cut to no less than this. 0: never, because a part of a number, a time or a name
  /// means something else.
  std::size_t narrowest = 0;
  /// If cutting does not help, columns with a higher one are left out first; of equals, the last.
  int rank = 0;
};

/// Lays out rows in aligned columns, one line each, below the titles. Cells are made safe to show,
/// on one line each. Every row must have a cell for each column; there is at least one column. The
/// first has what the rows are called by, which is typed or copied: it stays whole. `width`: that
/// of the window; 0: any width fits.
[[nodiscard]] std::string render_table(const std::vector<TableColumn>& columns,
                                       const std::vector<std::vector<std::string>>& rows,
                                       std::size_t width = 0);

/// The width for a table on `out`: that of a terminal, and any width elsewhere.
[[nodiscard]] std::size_t table_width(const OutputStream& out);

/// Cuts a text longer than `bytes` between two characters and appends an ellipsis.
[[nodiscard]] std::string truncate(const std::string& text, std::size_t bytes);

}  // namespace rellama::terminal

#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "terminal/streams.hpp"

namespace rellama::terminal {

/// Lays out rows in aligned columns, one line each. The first row is the header. Cells are made
/// safe to show, on one line each. All rows must have the same number of cells, at least one. If
/// the table is wider than `columns`, the columns after the first are cut, or left out from the
/// last on; 0: any width fits.
[[nodiscard]] std::string render_table(std::vector<std::vector<std::string>> rows,
                                       std::size_t columns = 0);

/// The width for a table on `out`: that of a terminal, and any width elsewhere.
[[nodiscard]] std::size_t table_width(const OutputStream& out);

/// Cuts a text longer than `bytes` between two characters and appends an ellipsis.
[[nodiscard]] std::string truncate(const std::string& text, std::size_t bytes);

}  // namespace rellama::terminal

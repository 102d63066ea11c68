#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace rellama::terminal {

/// Lays out rows in aligned columns, one line each. The first row is the header. Cells are made
/// safe to show, on one line each. All rows must have the same number of cells, at least one.
[[nodiscard]] std::string render_table(std::vector<std::vector<std::string>> rows);

/// Cuts a text longer than `bytes` between two characters and appends an ellipsis.
[[nodiscard]] std::string truncate(const std::string& text, std::size_t bytes);

}  // namespace rellama::terminal

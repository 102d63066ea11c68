#pragma once

#include <string>
#include <vector>

namespace rellama::terminal {

/// Rows of cells in columns, a line a row, the first row the heads. Every cell is made safe to
/// show; all rows have as many cells.
[[nodiscard]] std::string render_table(std::vector<std::vector<std::string>> rows);

/// The begin of a text that is longer than `bytes`, cut between characters, with an ellipsis.
[[nodiscard]] std::string truncate(const std::string& text, std::size_t bytes);

}  // namespace rellama::terminal

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rellama::terminal {

/// How the cells of a column are placed.
enum class MarkdownAlignment : std::uint8_t { left, center, right };

/// Reads the row under the head of a table, which says how its columns are placed: `|:--|--:|`.
/// Empty if that is none, or has no pipe.
[[nodiscard]] std::vector<MarkdownAlignment> read_delimiter_row(std::string_view row);

/// Cuts a row of a table into its cells: without the pipes, and the blanks around them.
[[nodiscard]] std::vector<std::string> cells_of_row(std::string_view row);

}  // namespace rellama::terminal

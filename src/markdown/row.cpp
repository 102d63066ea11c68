#include "markdown/row.hpp"

#include <algorithm>
#include <optional>

#include "markdown/cursor.hpp"

namespace rellama::markdown {
namespace {

std::size_t count_dashes(std::string_view text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '-'));
}

// ":--", "---", "--:" and ":-:" are columns; with any other cell it is not a delimiter row.
std::optional<Alignment> read_alignment(std::string_view cell) {
  if (cell.empty() || cell.find_first_not_of(":-") != std::string_view::npos) return std::nullopt;
  const bool left = cell.front() == ':';
  const bool right = cell.back() == ':';
  const std::size_t colons = cell.size() - count_dashes(cell);
  if (colons == cell.size() || colons != std::size_t{left} + std::size_t{right}) {
    return std::nullopt;
  }
  if (!right) return Alignment::left;
  return left ? Alignment::center : Alignment::right;
}

}  // namespace

std::vector<Alignment> read_delimiter_row(std::string_view row) {
  std::vector<Alignment> columns;
  if (row.find_first_not_of("|:- \t\r") != std::string_view::npos) return columns;
  if (row.find('|') == std::string_view::npos) return columns;
  for (const std::string& cell : cells_of_row(row)) {
    const auto alignment = read_alignment(cell);
    if (!alignment) return {};
    columns.push_back(*alignment);
  }
  return columns;
}

std::vector<std::string> cells_of_row(std::string_view row) {
  row = trim_blanks(row);
  if (row.starts_with('|')) row.remove_prefix(1);
  std::vector<std::string> cells(1);
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (row[i] == '\\' && i + 1 < row.size()) {
      if (row[i + 1] != '|') cells.back() += row[i];
      cells.back() += row[++i];
    } else if (row[i] == '|') {
      if (i + 1 < row.size()) cells.emplace_back();
    } else {
      cells.back() += row[i];
    }
  }
  for (std::string& cell : cells) cell = trim_blanks(cell);
  return cells;
}

}  // namespace rellama::markdown

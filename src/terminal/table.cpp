#include "terminal/table.hpp"

#include <algorithm>
#include <utility>

#include "terminal/display_width.hpp"
#include "terminal/visible_text.hpp"

namespace rellama::terminal {

namespace {

constexpr std::size_t kCellSpace = 2;

// A column with its cells, the title first.
struct Shown {
  const TableColumn* column;
  std::vector<std::string> cells;
  std::size_t width = 0;

  // The least that the column takes.
  [[nodiscard]] std::size_t least() const {
    return column->narrowest == 0 ? width : std::min(width, column->narrowest);
  }
};

std::vector<Shown> read_columns(const std::vector<TableColumn>& columns,
                                const std::vector<std::vector<std::string>>& rows) {
  std::vector<Shown> table;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    Shown shown{.column = &columns[i], .cells = {columns[i].title}};
    for (const auto& row : rows) shown.cells.push_back(one_line(row[i]));
    for (const std::string& cell : shown.cells) {
      shown.width = std::max(shown.width, display_width(cell));
    }
    table.push_back(std::move(shown));
  }
  return table;
}

void leave_out_columns(std::vector<Shown>& table, std::size_t width) {
  const auto least = [&table] {
    std::size_t sum = (table.size() - 1) * kCellSpace;
    for (const Shown& shown : table) sum += shown.least();
    return sum;
  };
  while (table.size() > 1 && least() > width) {
    table.erase(std::max_element(table.begin() + 1, table.end(), [](const auto& a, const auto& b) {
      return a.column->rank <= b.column->rank;  // the last of equals
    }));
  }
}

// Takes from the widest column that can be cut until all fit.
void cut_columns(std::vector<Shown>& table, std::size_t width) {
  std::size_t total = (table.size() - 1) * kCellSpace;
  for (const Shown& shown : table) total += shown.width;
  const auto room = [](const Shown& shown) {
    return shown.width == shown.least() ? 0 : shown.width;
  };
  for (; total > width; --total) {
    const auto widest =
        std::max_element(table.begin() + 1, table.end(),
                         [&room](const Shown& a, const Shown& b) { return room(a) < room(b); });
    if (widest == table.end() || room(*widest) == 0) return;
    --widest->width;
  }
}

}  // namespace

std::size_t table_width(const OutputStream& out) {
  return out.is_terminal() ? static_cast<std::size_t>(std::max(out.columns(), 1)) : 0;
}

std::string render_table(const std::vector<TableColumn>& columns,
                         const std::vector<std::vector<std::string>>& rows, std::size_t width) {
  std::vector<Shown> table = read_columns(columns, rows);
  if (width > 0) {
    leave_out_columns(table, width);
    cut_columns(table, width);
  }
  std::string text;
  for (std::size_t row = 0; row <= rows.size(); ++row) {
    std::size_t blanks = 0;
    for (const Shown& shown : table) {
      const std::string cell = fit_width(shown.cells[row], shown.width);
      if (!cell.empty()) text.append(std::exchange(blanks, 0), ' ').append(cell);
      blanks += shown.width + kCellSpace - display_width(cell);
    }
    text += "\n";
  }
  return text;
}

std::string truncate(const std::string& text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  std::size_t end = bytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end) + "…";
}

}  // namespace rellama::terminal

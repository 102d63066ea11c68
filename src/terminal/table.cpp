#include "terminal/table.hpp"

#include <algorithm>
#include <numeric>

#include "terminal/display_width.hpp"
#include "terminal/visible_text.hpp"

namespace rellama::terminal {

namespace {

constexpr std::size_t kCellSpace = 2;
constexpr std::size_t kNarrowestCell = 6;  // a column that is cut

std::size_t total_width(const std::vector<std::size_t>& widths) {
  return std::accumulate(widths.begin(), widths.end(), (widths.size() - 1) * kCellSpace);
}

// Leaves out the last columns that have no room, and takes from the widest until all fit. The first
// column has what the rows are called by, which is typed or copied: it stays whole.
void narrow_columns(std::vector<std::size_t>& widths, std::size_t columns) {
  const auto narrowest = [&] {
    std::vector<std::size_t> least = widths;
    std::for_each(least.begin() + 1, least.end(),
                  [](std::size_t& width) { width = std::min(width, kNarrowestCell); });
    return total_width(least);
  };
  while (widths.size() > 1 && narrowest() > columns) widths.pop_back();
  while (widths.size() > 1 && total_width(widths) > columns) {
    --*std::max_element(widths.begin() + 1, widths.end());
  }
}

}  // namespace

std::size_t table_width(const OutputStream& out) {
  return out.is_terminal() ? static_cast<std::size_t>(std::max(out.columns(), 1)) : 0;
}

std::string render_table(std::vector<std::vector<std::string>> rows, std::size_t columns) {
  std::vector<std::size_t> widths;
  for (auto& row : rows) {
    widths.resize(row.size());
    for (std::size_t i = 0; i < row.size(); ++i) {
      row[i] = one_line(row[i]);
      widths[i] = std::max(widths[i], display_width(row[i]));
    }
  }
  if (columns > 0 && !rows.empty()) narrow_columns(widths, columns);
  std::string table;
  for (auto& row : rows) {
    row.resize(widths.size());
    for (std::size_t i = 0; i < row.size(); ++i) row[i] = fit_width(row[i], widths[i]);
    for (std::size_t i = 0; i + 1 < row.size(); ++i) {
      table += row[i];
      table.append(widths[i] + kCellSpace - display_width(row[i]), ' ');
    }
    table += row.back() + "\n";
  }
  return table;
}

std::string truncate(const std::string& text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  std::size_t end = bytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end) + "…";
}

}  // namespace rellama::terminal

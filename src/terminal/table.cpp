#include "terminal/table.hpp"

#include <algorithm>

#include "terminal/display_width.hpp"
#include "terminal/visible_text.hpp"

namespace rellama::terminal {

std::string render_table(std::vector<std::vector<std::string>> rows) {
  std::vector<std::size_t> widths;
  for (auto& row : rows) {
    widths.resize(row.size());
    for (std::size_t i = 0; i < row.size(); ++i) {
      row[i] = one_line(row[i]);
      widths[i] = std::max(widths[i], display_width(row[i]));
    }
  }
  std::string table;
  for (auto& row : rows) {
    for (std::size_t i = 0; i + 1 < row.size(); ++i) {
      table += row[i];
      table.append(widths[i] + 2 - display_width(row[i]), ' ');
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

#include "terminal/markdown_table.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace rellama::terminal {
namespace {

constexpr std::size_t kMaxHeld = std::size_t{32} * 1024;  // bytes
constexpr std::size_t kCellGap = 3;                       // columns between two cells: " │ "
constexpr std::size_t kMinWidth = 3;                      // width of a column
constexpr std::size_t kUnlimited = 1 << 20;

std::size_t sum_up_to(const std::vector<std::size_t>& widths, std::size_t most) {
  return std::accumulate(
      widths.begin(), widths.end(), std::size_t{0},
      [most](std::size_t sum, std::size_t width) { return sum + std::min(width, most); });
}

// Narrows the widest until all fit.
void shrink(std::vector<std::size_t>& widths, std::size_t room) {
  std::size_t fits = kMinWidth;
  std::size_t too_wide = room + 1;
  while (fits + 1 < too_wide) {
    const std::size_t middle = (fits + too_wide) / 2;
    (sum_up_to(widths, middle) <= room ? fits : too_wide) = middle;
  }
  for (std::size_t& width : widths) width = std::min(width, fits);
}

std::string padded(const std::string& text, std::size_t width, markdown::Alignment alignment) {
  const std::size_t own = styled_width(text);
  const std::size_t blanks = width > own ? width - own : 0;
  switch (alignment) {
    case markdown::Alignment::right: return std::string(blanks, ' ') + text;
    case markdown::Alignment::center:
      return std::string(blanks / 2, ' ') + text + std::string(blanks - blanks / 2, ' ');
    case markdown::Alignment::left: break;
  }
  return text + std::string(blanks, ' ');
}

}  // namespace

void MarkdownTable::span(std::string_view text, TextStyle style) {
  row_.back().push_back({std::string(text), style});
}

void MarkdownTable::end_row(std::size_t source_size) {
  Row row = std::exchange(row_, {});
  if (is_laid_out_) {
    print_row(row, TextStyle::plain);
    return;
  }
  held_bytes_ += source_size;
  rows_.push_back(std::move(row));
  if (held_bytes_ > kMaxHeld) lay_out();
}

void MarkdownTable::finish() {
  if (!is_laid_out_) lay_out();
}

void MarkdownTable::lay_out() {
  is_laid_out_ = true;
  choose_widths();
  bool is_head = true;
  for (const Row& row : std::exchange(rows_, {})) {
    if (std::exchange(is_head, false)) {
      if (row.empty()) continue;
      print_row(row, TextStyle::strong);
      print_line_under_head();
    } else {
      print_row(row, TextStyle::plain);
    }
  }
}

void MarkdownTable::choose_widths() {
  std::size_t columns = alignments_.size();
  for (const Row& row : rows_) columns = std::max(columns, row.size());
  const std::size_t gaps = (columns - 1) * kCellGap;
  const std::size_t room = layout_.room();
  if (gaps + columns * kMinWidth > room) return;
  widths_.assign(columns, 1);
  for (const Row& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths_[i] = std::max(widths_[i], width_of(row[i]));
    }
  }
  shrink(widths_, room - gaps);
}

markdown::Alignment MarkdownTable::alignment(std::size_t column) const {
  return column < alignments_.size() ? alignments_[column] : markdown::Alignment::left;
}

void MarkdownTable::print_row(const Row& cells, TextStyle style) {
  if (widths_.empty() || cells.size() > widths_.size()) {
    print_as_text(cells);
    return;
  }
  std::vector<std::vector<std::string>> columns;
  std::size_t height = 1;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    columns.push_back(lines_of(cells[i], widths_[i], style));
    height = std::max(height, columns.back().size());
  }
  columns.resize(widths_.size());
  const bool is_unicode = layout_.form().glyphs == Glyphs::unicode;
  const std::string bar = " " + layout_.styled(is_unicode ? "│" : "|", TextStyle::faint) + " ";
  for (std::size_t row = 0; row < height; ++row) {
    std::string line;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const std::string text = row < columns[i].size() ? columns[i][row] : std::string();
      if (i > 0) line += bar;
      line += padded(text, widths_[i], alignment(i));
    }
    while (line.ends_with(' ')) line.pop_back();
    layout_.line(line);
  }
}

// The cells one after another, between the pipes they were written with.
void MarkdownTable::print_as_text(const Row& cells) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) layout_.span(" | ", TextStyle::plain);
    for (const StyledText& part : cells[i]) layout_.span(part.text, part.style);
  }
  layout_.end_block();
}

void MarkdownTable::print_line_under_head() {
  if (widths_.empty()) return;
  const bool is_unicode = layout_.form().glyphs == Glyphs::unicode;
  std::string line;
  for (std::size_t i = 0; i < widths_.size(); ++i) {
    if (i > 0) line += is_unicode ? "─┼─" : "-+-";
    for (std::size_t j = 0; j < widths_[i]; ++j) line += is_unicode ? "─" : "-";
  }
  layout_.line(layout_.styled(line, TextStyle::faint));
}

// The lines of a cell in a column of that width.
std::vector<std::string> MarkdownTable::lines_of(const Cell& cell, std::size_t width,
                                                 TextStyle style) const {
  MarkdownLayout layout(layout_.form(), [width] { return static_cast<int>(width); });
  layout.set_style(style);
  for (const StyledText& part : cell) layout.span(part.text, part.style);
  layout.end_block();
  std::vector<std::string> lines;
  const std::string laid_out = layout.take();
  std::string_view rest = laid_out;
  for (auto end = rest.find('\n'); end != rest.npos; end = rest.find('\n')) {
    lines.emplace_back(rest.substr(0, end));
    rest.remove_prefix(end + 1);
  }
  return lines;
}

std::size_t MarkdownTable::width_of(const Cell& cell) const {
  std::size_t width = 0;
  for (const std::string& line : lines_of(cell, kUnlimited, TextStyle::plain)) {
    width = std::max(width, styled_width(line));
  }
  return width;
}

}  // namespace rellama::terminal

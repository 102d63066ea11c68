#include "terminal/column_layout.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "terminal/display_width.hpp"
#include "terminal/word_wrap.hpp"

namespace rellama::terminal {
namespace {

constexpr std::size_t kColumnGap = 3;  // " │ "

using Lines = std::vector<std::string>;

const std::string& line_at(const Lines& lines, std::size_t index) {
  static const std::string kNone;
  return index < lines.size() ? lines[index] : kNone;
}

std::size_t height_of(const std::vector<Lines>& cells) {
  std::size_t height = 0;
  for (const Lines& lines : cells) height = std::max(height, lines.size());
  return height;
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::string embolden(const std::string& text, const ColumnStyle& style) {
  return style.bold && !text.empty() ? "\x1b[1m" + text + "\x1b[0m" : text;
}

// Puts the lines of columns side by side.
class Rows {
 public:
  Rows(std::size_t width, ColumnStyle style) : width_(width), style_(style) {}

  void add_headings(const std::vector<ColumnText>& columns) {
    std::vector<Lines> cells;
    for (const ColumnText& column : columns) cells.push_back(wrap_words(column.heading, width_));
    for (std::size_t i = 0; i < height_of(cells); ++i) rows_.push_back(row(cells, i, style_));
    rows_.push_back(rule(columns.size()));
  }

  void add(const std::vector<Lines>& cells) {
    for (std::size_t i = 0; i < height_of(cells); ++i)
      rows_.push_back(row(cells, i, {style_.glyphs}));
  }

  [[nodiscard]] std::size_t height() const { return rows_.size(); }
  Lines take() { return std::move(rows_); }

 private:
  [[nodiscard]] std::string row(const std::vector<Lines>& cells, std::size_t index,
                                const ColumnStyle& style) const {
    const std::string_view line = style.glyphs == Glyphs::unicode ? " │ " : " | ";
    std::string text;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const std::string& cell = line_at(cells[i], index);
      text += embolden(cell, style);
      if (i + 1 == cells.size()) break;
      const std::size_t used = display_width(cell);
      text.append(width_ > used ? width_ - used : 0, ' ');
      // Terminals disagree about the width of some characters: move to the exact column.
      if (!is_ascii(cell))
        text += "\x1b[" + std::to_string((i + 1) * (width_ + kColumnGap) - 2) + "G";
      text += line;
    }
    return text;
  }

  [[nodiscard]] std::string rule(std::size_t columns) const {
    const bool unicode = style_.glyphs == Glyphs::unicode;
    std::string text;
    for (std::size_t i = 0; i < columns; ++i) {
      if (i > 0) text += unicode ? "─┼─" : "-+-";
      for (std::size_t j = 0; j < width_; ++j) text += unicode ? "─" : "-";
    }
    return text;
  }

  std::size_t width_;
  ColumnStyle style_;
  Lines rows_;
};

// The last lines of a text that has too many.
Lines end_of(Lines lines, std::size_t height) {
  if (lines.size() <= height) return lines;
  return {lines.end() - static_cast<std::ptrdiff_t>(height), lines.end()};
}

}  // namespace

std::optional<std::size_t> find_column_width(std::size_t count, int screen_columns,
                                             std::size_t least) {
  const auto screen = static_cast<std::size_t>(std::max(screen_columns, 1));
  const std::size_t gaps = kColumnGap * (count - 1) + 1;
  if (screen < gaps + count) return std::nullopt;
  const std::size_t width = (screen - gaps) / count;
  return width < least ? std::nullopt : std::optional(width);
}

Lines lay_out(const std::vector<ColumnText>& columns, std::size_t width, const ColumnStyle& style) {
  Rows rows(width, style);
  rows.add_headings(columns);
  std::vector<Lines> texts;
  for (const ColumnText& column : columns) texts.push_back(wrap_words(column.text, width));
  rows.add(texts);
  return rows.take();
}

Lines lay_out_ends(const std::vector<ColumnText>& columns, std::size_t width, std::size_t height,
                   const ColumnStyle& style) {
  Rows rows(width, style);
  rows.add_headings(columns);
  if (rows.height() + 2 > height) return {};
  const std::size_t room = height - rows.height() - 1;
  std::vector<Lines> texts;
  std::vector<Lines> states;
  for (const ColumnText& column : columns) {
    texts.push_back(end_of(wrap_words(column.text, width), room));
    states.push_back({fit_width(column.state, width)});
  }
  rows.add(texts);
  rows.add(states);
  return rows.take();
}

}  // namespace rellama::terminal

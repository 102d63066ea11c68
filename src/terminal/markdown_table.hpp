#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "markdown/tree.hpp"
#include "terminal/markdown_layout.hpp"
#include "terminal/markdown_spans.hpp"

namespace rellama::terminal {

/// Lays out a table. Its columns are as wide as their content, so rows are held until the table
/// ends, or until it is longer than anybody would want to wait for: then the widths stay as they
/// are.
class MarkdownTable final : private StyledSink {
 public:
  /// `layout` must outlive this.
  MarkdownTable(MarkdownLayout& layout, std::vector<markdown::Alignment> columns)
      : layout_(layout), alignments_(std::move(columns)), spans_(layout.form().marks, *this) {}
  MarkdownTable(const MarkdownTable&) = delete;
  MarkdownTable& operator=(const MarkdownTable&) = delete;

  /// Starts a cell of the current row. Its text goes to `spans`.
  void begin_cell() { row_.emplace_back(); }
  [[nodiscard]] MarkdownSpans& spans() { return spans_; }
  /// Ends a row, which took `source_size` bytes. The first is the head; it may have no cells.
  void end_row(std::size_t source_size);
  void finish();

 private:
  struct StyledText {
    std::string text;
    TextStyle style;
  };
  using Cell = std::vector<StyledText>;
  using Row = std::vector<Cell>;

  void span(std::string_view text, TextStyle style) override;
  void line_break() override {}  // the text of a cell is one line

  void lay_out();
  void choose_widths();
  void print_row(const Row& cells, TextStyle style);
  void print_as_text(const Row& cells);
  void print_line_under_head();
  [[nodiscard]] markdown::Alignment alignment(std::size_t column) const;
  [[nodiscard]] std::vector<std::string> lines_of(const Cell& cell, std::size_t width,
                                                  TextStyle style) const;
  [[nodiscard]] std::size_t width_of(const Cell& cell) const;

  MarkdownLayout& layout_;
  std::vector<markdown::Alignment> alignments_;
  MarkdownSpans spans_;
  Row row_;                // the current one
  std::vector<Row> rows_;  // held
  std::size_t held_bytes_ = 0;
  std::vector<std::size_t> widths_;  // empty: too many columns to stand side by side
  bool is_laid_out_ = false;
};

}  // namespace rellama::terminal

#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "terminal/markdown_layout.hpp"
#include "terminal/markdown_line.hpp"

namespace rellama::terminal {

/// Lays out a table. Its columns are as wide as what stands in them, so that its rows are held
/// until it ends, or has become so long that nobody would want to wait: the widths stay as they are
/// then.
class MarkdownTable {
 public:
  /// `layout` must outlive this.
  MarkdownTable(MarkdownLayout& layout, std::vector<MarkdownAlignment> columns)
      : layout_(layout), alignments_(std::move(columns)) {}

  /// The first one is the head; it may be empty.
  void add_row(std::vector<std::string> cells);
  void finish();

 private:
  void lay_out();
  void choose_widths();
  void print_row(const std::vector<std::string>& cells, TextStyle style);
  void print_as_text(const std::vector<std::string>& cells);
  void print_line_under_head();
  [[nodiscard]] MarkdownAlignment alignment(std::size_t column) const;

  MarkdownLayout& layout_;
  std::vector<MarkdownAlignment> alignments_;
  std::vector<std::vector<std::string>> rows_;  // held
  std::size_t held_bytes_ = 0;
  std::vector<std::size_t> widths_;  // empty: too many columns to stand side by side
  bool is_laid_out_ = false;
};

}  // namespace rellama::terminal

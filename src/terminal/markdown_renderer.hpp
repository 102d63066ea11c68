#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "terminal/markdown_blocks.hpp"
#include "terminal/markdown_layout.hpp"
#include "terminal/markdown_table.hpp"
#include "terminal/markdown_text.hpp"
#include "terminal/visible_text.hpp"

namespace rellama::terminal {

/// Renders Markdown for a terminal while it comes. What it gives is only ever to be printed behind
/// what it gave before, and does not depend on how the text was cut. All text of the source is in
/// it, once and in order; what the source has of control characters is shown, not obeyed, so that
/// the only escape sequences are those for attributes (ESC [ … m).
class MarkdownRenderer final : private MarkdownSink {
 public:
  MarkdownRenderer(MarkdownForm form, MarkdownLayout::Columns columns)
      : layout_(form, std::move(columns)), text_(form.marks, layout_), blocks_(*this) {}
  MarkdownRenderer(const MarkdownRenderer&) = delete;
  MarkdownRenderer& operator=(const MarkdownRenderer&) = delete;

  /// Takes the next piece; gives what can be printed now.
  [[nodiscard]] std::string feed(std::string_view piece);
  /// Gives the rest. What there was ends with a line end.
  [[nodiscard]] std::string finish();

 private:
  void open_container(const MarkdownContainer& container) override;
  void close_container() override { layout_.unindent(); }
  void blank() override { layout_.blank(); }
  void open_paragraph() override { layout_.begin_block(); }
  void open_heading(int level) override;
  void text(std::string_view text) override { text_.text(text); }
  void line_end() override { text_.line_end(); }
  void line_break() override { text_.line_break(); }
  void close_text() override;
  void underline(char mark) override;
  void open_code(const MarkdownFence* fence) override;
  void code(std::string_view text) override;
  void close_code() override;
  void open_table(const std::vector<MarkdownAlignment>& columns) override;
  void table_row(const std::vector<std::string>& cells) override { table_->add_row(cells); }
  void close_table() override;
  void rule() override;

  [[nodiscard]] bool is_unicode() const { return layout_.form().glyphs == Glyphs::unicode; }
  [[nodiscard]] std::string repeat(std::string_view unicode, char ascii, std::size_t times) const;
  void code_line_part(std::string_view text);

  VisibleText visible_;
  MarkdownLayout layout_;
  MarkdownText text_;
  MarkdownBlocks blocks_;
  std::optional<MarkdownTable> table_;
  std::size_t code_column_ = 0;  // for tabs
};

}  // namespace rellama::terminal

#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "markdown/parser.hpp"
#include "markdown/tree.hpp"
#include "terminal/markdown_layout.hpp"
#include "terminal/markdown_spans.hpp"
#include "terminal/markdown_table.hpp"
#include "terminal/visible_text.hpp"

namespace rellama::terminal {

/// Renders Markdown for a terminal as it arrives. Output is only ever appended to, and does not
/// depend on how the text was cut. It contains all text of the source, once and in order. Control
/// characters of the source are shown, not obeyed: the only escape sequences are those that set
/// attributes (ESC [ … m).
class MarkdownRenderer final : private markdown::TreeSink {
 public:
  MarkdownRenderer(MarkdownForm form, MarkdownLayout::Columns columns)
      : layout_(form, std::move(columns)), spans_(form.marks, layout_), parser_(*this) {}
  MarkdownRenderer(const MarkdownRenderer&) = delete;
  MarkdownRenderer& operator=(const MarkdownRenderer&) = delete;

  /// Takes the next piece and returns what can be printed now.
  [[nodiscard]] std::string feed(std::string_view piece);
  /// Returns the rest. All that was printed then ends with a line end.
  [[nodiscard]] std::string finish();

 private:
  void open(const markdown::Block& block) override;
  void close(const markdown::Block& block) override;
  void text(std::string_view text) override;
  void line_break() override { spans().line_break(); }
  void open_span(const markdown::Span& span) override { spans().open_span(span); }
  void close_span(const markdown::Span& span) override { spans().close_span(span); }
  void blank_line() override { layout_.blank(); }
  void underline(int level) override;

  void begin(const markdown::Quote& quote);
  void begin(const markdown::Item& item);
  void begin(const markdown::Paragraph& paragraph);
  void begin(const markdown::Heading& heading);
  void begin(const markdown::Code& code);
  void begin(const markdown::Table& table);
  void begin(const markdown::Row& /*row*/) {}
  void begin(const markdown::Cell& /*cell*/) { table_->begin_cell(); }
  void begin(const markdown::Rule& rule);
  void end(const markdown::Quote& /*quote*/) { layout_.unindent(); }
  void end(const markdown::Item& /*item*/) { layout_.unindent(); }
  void end(const markdown::Paragraph& /*paragraph*/) { layout_.end_block(); }
  void end(const markdown::Heading& heading);
  void end(const markdown::Code& code);
  void end(const markdown::Table& table);
  void end(const markdown::Row& row) { table_->end_row(row.source_size); }
  void end(const markdown::Cell& /*cell*/) {}
  void end(const markdown::Rule& /*rule*/) {}

  /// Where the text of the open block goes.
  [[nodiscard]] MarkdownSpans& spans() { return table_ ? table_->spans() : spans_; }
  [[nodiscard]] bool is_unicode() const { return layout_.form().glyphs == Glyphs::unicode; }
  [[nodiscard]] std::string code_rule() const;
  [[nodiscard]] std::string repeat(std::string_view unicode, char ascii, std::size_t times) const;
  void code_text(std::string_view text);
  void code_line_part(std::string_view text);

  VisibleText visible_;
  MarkdownLayout layout_;
  MarkdownSpans spans_;
  markdown::Parser parser_;
  std::optional<MarkdownTable> table_;
  bool in_code_ = false;
  std::size_t code_column_ = 0;  // for tabs
};

}  // namespace rellama::terminal

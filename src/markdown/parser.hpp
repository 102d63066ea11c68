#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "markdown/block_parser.hpp"
#include "markdown/span_parser.hpp"
#include "markdown/tree.hpp"

namespace rellama::markdown {

/// Parses Markdown that arrives in pieces into a tree. The tree only grows, and does not depend on
/// how the text was cut, except for where the pieces of a code block's text end.
class Parser final : private BlockSink {
 public:
  /// `sink` must outlive this.
  explicit Parser(TreeSink& sink) : sink_(sink), spans_(sink), blocks_(*this) {}
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;

  void feed(std::string_view piece) { blocks_.feed(piece); }
  /// Ends the text: closes what is open.
  void finish() { blocks_.finish(); }

 private:
  void open(const Block& block) override;
  void close(const Block& block) override;
  void text(std::string_view text) override;
  void line_end() override { spans_.line_end(); }
  void line_break() override { spans_.line_break(); }
  void row(const std::vector<std::string>& cells) override;
  void blank_line() override { sink_.blank_line(); }
  void underline(int level) override { sink_.underline(level); }

  TreeSink& sink_;
  SpanParser spans_;
  BlockParser blocks_;
  bool in_code_ = false;
};

}  // namespace rellama::markdown

#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "markdown/line.hpp"
#include "markdown/tree.hpp"

namespace rellama::markdown {

/// Receives the blocks of a tree, with their text as it was written: spans are not parsed.
class BlockSink {
 public:
  virtual ~BlockSink() = default;

  virtual void open(const Block& /*block*/) {}
  /// Closes the block opened last, which is passed again.
  virtual void close(const Block& /*block*/) {}
  /// Text of the open block.
  virtual void text(std::string_view /*text*/) {}
  /// A line of a paragraph is complete. The paragraph may go on.
  virtual void line_end() {}
  /// The paragraph goes on in a new line.
  virtual void line_break() {}
  /// A row of the open table. The first is the head; see Table.
  virtual void row(const std::vector<std::string>& /*cells*/) {}
  /// See TreeSink.
  virtual void blank_line() {}
  virtual void underline(int /*level*/) {}
};

/// Splits text that arrives in pieces into Markdown blocks, and passes each on as soon as its kind
/// is certain: text within a line goes through at once. The result does not depend on how the text
/// was cut, except for where the pieces of `text` end. Holds back no more than the start of a line,
/// or a line that only its end explains, and takes linear time.
class BlockParser {
 public:
  /// `sink` must outlive this.
  explicit BlockParser(BlockSink& sink) : sink_(sink) {}

  void feed(std::string_view piece);
  /// Ends the text: closes what is open.
  void finish();

 private:
  enum class Place {
    line_start,  // in `head_`; the next character may decide
    held_line,   // in `head_`; the end of the line will decide
    text,        // of a paragraph
    heading,
    code,
  };

  [[nodiscard]] std::size_t take(std::string_view rest);
  [[nodiscard]] std::size_t take_head(std::string_view rest);
  [[nodiscard]] std::size_t take_held(std::string_view rest);
  void read_head(LineEnd end);
  void begin_line(const Line& line, std::string_view content);
  void begin_text(const Line& line, std::string_view content);
  void begin_code(const Line& line, std::string_view content);
  void begin_table(const Line& line);
  void end_line();
  [[nodiscard]] bool belongs(const Line& line) const;

  void match_containers(const Line& line);
  void close_container();
  void paragraph_text(std::string_view text);
  void heading_text(std::string_view text);
  void send_pending_head();
  void open_leaf(Block block);
  void close_leaf();

  BlockSink& sink_;
  State state_;
  Block leaf_ = Paragraph{};  // open, if state_.leaf or place_ says so
  Place place_ = Place::line_start;
  std::string head_;          // of the line, while its kind is not certain
  std::string pending_head_;  // a line that is the head of a table or a paragraph
  bool has_pending_head_ = false;
  std::string first_line_;  // of a paragraph, while it may be the head of a table
  bool in_first_line_ = false;
  std::string heading_tail_;          // what may be the closing # of a heading
  std::size_t blank_code_lines_ = 0;  // in an indented block: they may follow it instead
};

}  // namespace rellama::markdown

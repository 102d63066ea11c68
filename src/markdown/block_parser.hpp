#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "terminal/markdown_line.hpp"

namespace rellama::terminal {

/// Takes the blocks of a Markdown text as they come.
class MarkdownSink {
 public:
  virtual ~MarkdownSink() = default;

  virtual void open_container(const MarkdownContainer& /*container*/) {}
  virtual void close_container() {}
  /// Empty lines between what came before and what comes next.
  virtual void blank() {}

  /// A paragraph, or a heading of `level` 1 to 6. Its text follows with what marks its spans.
  virtual void open_paragraph() {}
  virtual void open_heading(int /*level*/) {}
  virtual void text(std::string_view /*text*/) {}
  /// The line of text is over, but not always the paragraph.
  virtual void line_end() {}
  /// The paragraph goes on in a new line.
  virtual void line_break() {}
  virtual void close_text() {}
  /// The paragraph that was closed just now is a heading, underlined with `mark`: = or -.
  virtual void underline(char /*mark*/) {}

  /// `fence` is null for a block that is only indented.
  virtual void open_code(const MarkdownFence* /*fence*/) {}
  /// Part of the code, exactly as it is, with its line ends.
  virtual void code(std::string_view /*text*/) {}
  virtual void close_code() {}

  virtual void open_table(const std::vector<MarkdownAlignment>& /*columns*/) {}
  /// The first row of a table is its head; it is empty if the line was taken for text before.
  virtual void table_row(const std::vector<std::string>& /*cells*/) {}
  virtual void close_table() {}

  virtual void rule() {}
};

/// Cuts a text that comes in pieces into the blocks of Markdown, and hands them on as soon as it is
/// certain what they are: text within a line goes through at once. What is handed on does not
/// depend on how the text was cut, but for where the pieces of one `text` or `code` end. It holds
/// back no more than the beginning of a line, or a line that only its end explains, and takes
/// linear time.
class MarkdownBlocks {
 public:
  /// `sink` must outlive this.
  explicit MarkdownBlocks(MarkdownSink& sink) : sink_(sink) {}

  void feed(std::string_view piece);
  /// The text is over: closes what is open.
  void finish();

 private:
  enum class Place {
    line_start,  // in `head_`, which may be told with the next character
    held_line,   // in `head_`, which the end of the line will tell
    text,        // of a paragraph
    heading,
    code,
  };

  [[nodiscard]] std::size_t take(std::string_view rest);
  [[nodiscard]] std::size_t take_head(std::string_view rest);
  [[nodiscard]] std::size_t take_held(std::string_view rest);
  void read_head(MarkdownLineEnd end);
  void begin_line(const MarkdownLine& line, std::string_view content);
  void begin_text(const MarkdownLine& line, std::string_view content);
  void begin_code(const MarkdownLine& line, std::string_view content);
  void begin_table(const MarkdownLine& line);
  void end_line();
  [[nodiscard]] bool belongs(const MarkdownLine& line) const;

  void match_containers(const MarkdownLine& line);
  void paragraph_text(std::string_view text);
  void heading_text(std::string_view text);
  void print_pending_head();
  void close_leaf();

  MarkdownSink& sink_;
  MarkdownState state_;
  Place place_ = Place::line_start;
  std::string head_;          // of the line, while it is not certain what that is
  std::string pending_head_;  // a line that is the head of a table or a paragraph
  bool has_pending_head_ = false;
  std::string first_line_;  // of a paragraph, as long as it may be the head of a table
  bool in_first_line_ = false;
  std::string heading_tail_;          // what may be the closing # of a heading
  std::size_t blank_code_lines_ = 0;  // in an indented block: they may be behind it
};

}  // namespace rellama::terminal

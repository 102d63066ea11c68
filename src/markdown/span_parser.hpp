#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "terminal/markdown_spans.hpp"

namespace rellama::terminal {

/// Takes the text of one paragraph, heading or cell as it comes and hands on its spans as early as
/// their meaning is certain: word by word, but for what an emphasis, a code span or a link may
/// still enclose. That is held until it is closed, or has become too long to be waited for; then
/// its mark is shown as it is. What is handed on depends on the text alone, not on how it came.
class MarkdownText {
 public:
  /// `sink` must outlive this.
  MarkdownText(SpanMarks marks, SpanSink& sink) : marks_(marks), sink_(sink) {}

  void text(std::string_view piece);
  /// The line is over: its last word is certain.
  void line_end();
  /// Another line follows.
  void line_break();
  /// The block is over; the next text belongs to another.
  void finish();

 private:
  void take(char c);
  void take_blank();
  void begin_or_settle(char c);
  void settle_run(char next);
  void settle_emphasis(char mark, std::size_t length, char next);
  [[nodiscard]] bool is_open() const;
  void release();

  SpanMarks marks_;
  SpanSink& sink_;
  std::string held_;
  bool is_plain_ = true;  // whether `held_` is what it looks like

  // What of `held_` is open, nearly as CommonMark has it: md4c has the last word, over all that was
  // held together.
  bool escaped_ = false;  // it ends in a backslash
  char run_ = 0;          // it ends in a run of this mark
  std::size_t run_begin_ = 0;
  std::size_t code_ = 0;  // in a code span, begun by so many backticks
  std::size_t brackets_ = 0;
  bool behind_bracket_ = false;
  std::size_t address_ = 0;                  // in the address of a link: parentheses
  std::array<std::size_t, 3> marks_open_{};  // * _ ~
};

}  // namespace rellama::terminal

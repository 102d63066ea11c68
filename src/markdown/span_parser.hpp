#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "markdown/tree.hpp"

namespace rellama::markdown {

/// Parses the text of one paragraph, heading or cell as it arrives, and passes it on as early as
/// its meaning is certain: word by word, except for what an emphasis, a code span or a link may
/// still enclose. That is held until it is closed, or too long to wait for; then its mark is text.
/// How the text was cut makes no difference.
class SpanParser {
 public:
  /// `sink` must outlive this.
  explicit SpanParser(SpanSink& sink) : sink_(sink) {}

  void text(std::string_view piece);
  /// The line is complete: its last word is certain.
  void line_end();
  /// Another line of the same block follows.
  void line_break();
  /// Ends the block; the next text belongs to another.
  void finish();

 private:
  void take(char c);
  void take_blank();
  void begin_or_settle(char c);
  void settle_run(char next);
  void settle_emphasis(char mark, std::size_t length, char next);
  [[nodiscard]] bool is_open() const;
  void release();

  SpanSink& sink_;
  std::string held_;
  bool is_plain_ = true;  // whether `held_` has no marks

  // What is open in `held_`, nearly by CommonMark's rules: md4c decides about all that was held
  // together.
  bool escaped_ = false;  // it ends in a backslash
  char run_ = 0;          // it ends in a run of this mark
  std::size_t run_begin_ = 0;
  std::size_t code_ = 0;  // in a code span that this many backticks opened
  std::size_t brackets_ = 0;
  bool after_bracket_ = false;
  std::size_t address_ = 0;                  // in the address of a link: open parentheses
  std::array<std::size_t, 3> marks_open_{};  // * _ ~
};

}  // namespace rellama::markdown

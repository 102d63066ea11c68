#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "markdown/block_parser.hpp"

namespace rellama::terminal {

/// Finds the first fenced code block (``` or ~~~) of an answer that arrives in pieces, and passes
/// on its text as it arrives. More forgiving than Markdown, because text around the code must not
/// be taken for it: the opening fence may follow words on its line, and the closing one may follow
/// code on its line or precede words. A block that is not closed extends to the end, unless only a
/// closing fence would show that it is one.
class CodeFinder final : private markdown::BlockSink {
 public:
  explicit CodeFinder(std::function<void(std::string_view)> code)
      : code_(std::move(code)), blocks_(*this) {}
  CodeFinder(const CodeFinder&) = delete;
  CodeFinder& operator=(const CodeFinder&) = delete;

  void feed(std::string_view piece);
  void finish();
  [[nodiscard]] bool found() const noexcept {
    return state_ != State::before && state_ != State::likely;
  }

 private:
  enum class State {
    before,
    inside,  // a block as Markdown has it: `blocks_` finds its end
    loose,   // a block that Markdown has not
    likely,  // the same, but only a closing fence shows it
    after,
  };

  void open(const markdown::Block& block) override;
  void close(const markdown::Block& block) override;
  void text(std::string_view text) override;

  void open_loosely();
  void take_likely_line();
  void take(std::string_view text);
  void take_line_end();
  void end_code();
  void release();
  [[nodiscard]] bool held_ends_block() const;
  [[nodiscard]] bool is_closing_before_words() const;

  std::function<void(std::string_view)> code_;
  markdown::BlockParser blocks_;
  State state_ = State::before;
  std::string line_;    // before the block, or of a likely one, as written
  std::string likely_;  // the code of a likely block
  std::string info_;    // after its opening fence
  char mark_ = '`';     // of the block's fence
  std::size_t length_ = 3;

  // Of the current line of code.
  std::string held_;              // its end: blanks and marks, which may close the block
  bool has_text_ = false;         // before `held_`
  std::size_t marks_before_ = 0;  // runs of marks before `held_`
};

}  // namespace rellama::terminal

#include "markdown/span_parser.hpp"

#include <algorithm>
#include <utility>

#include "markdown/cursor.hpp"
#include "markdown/flanking.hpp"
#include "markdown/spans.hpp"

namespace rellama::markdown {
namespace {

// How many bytes may wait for the end of a span: a long sentence or two.
constexpr std::size_t kLongestHeld = 512;

// For a character that must not be mistaken for kLineBreakMark or kLetterMark.
constexpr std::string_view kReplacement = "\uFFFD";

bool is_punctuation(char c) {
  const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  return c > ' ' && c <= '~' && !is_letter && (c < '0' || c > '9');
}

bool continues_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

// Chinese, Japanese, Korean: written without blanks. Full-width punctuation stays with the word.
bool begins_word_of_its_own(char c) {
  return begins_east_asian(c) && c != '\xEF';
}

// Whether the last character is East Asian.
bool ends_east_asian(std::string_view text) {
  while (!text.empty() && continues_character(text.back())) text.remove_suffix(1);
  return !text.empty() && begins_east_asian(text.back());
}

// Whether `c` may mean something else than itself.
bool may_mark(char c) {
  constexpr std::string_view kMarks = "\\*_~`[<&";
  return kMarks.find(c) != std::string_view::npos;
}

std::size_t index_of(char mark) {
  return mark == '*' ? 0 : mark == '_' ? 1 : 2;
}

}  // namespace

void SpanParser::text(std::string_view piece) {
  for (const char c : piece) {
    if (is_blank(c)) {
      take_blank();
    } else if (c == kLineBreakMark || c == kLetterMark) {
      for (const char byte : kReplacement) take(byte);
    } else {
      take(c);
    }
  }
}

void SpanParser::take_blank() {
  settle_run(' ');
  escaped_ = false;
  after_bracket_ = false;
  if (!is_open()) {
    release();
    sink_.text(" ");
  } else if (!held_.ends_with(' ')) {
    held_ += ' ';
  }
}

void SpanParser::take(char c) {
  const bool begins = !continues_character(c);
  if (begins && held_.size() >= kLongestHeld) release();
  if (run_ != 0 && c != run_) settle_run(c);
  if (begins && begins_word_of_its_own(c) && !is_open()) release();
  begin_or_settle(c);
  held_ += c;
  if (may_mark(c)) is_plain_ = false;
}

// Notes what `c` opens or closes.
void SpanParser::begin_or_settle(char c) {
  const bool was_after_bracket = std::exchange(after_bracket_, false);
  if (std::exchange(escaped_, false) || run_ != 0) return;
  if (c == '`' || (code_ == 0 && address_ == 0 && (c == '*' || c == '_' || c == '~'))) {
    run_ = c;
    run_begin_ = held_.size();
    return;
  }
  if (code_ > 0) return;
  switch (c) {
    case '\\': escaped_ = true; break;
    case '[': brackets_ += address_ == 0 ? 1 : 0; break;
    case ']':
      if (brackets_ == 0 || address_ > 0) break;
      --brackets_;
      after_bracket_ = true;
      break;
    case '(':
      if (address_ > 0 || was_after_bracket) ++address_;
      break;
    case ')':
      if (address_ > 0) --address_;
      break;
    default: break;
  }
}

// `next` follows the run of marks at the end of `held_`.
void SpanParser::settle_run(char next) {
  if (run_ == 0) return;
  const char mark = std::exchange(run_, 0);
  const std::size_t length = held_.size() - run_begin_;
  if (mark != '`') {
    settle_emphasis(mark, length, next);
  } else if (code_ == 0) {
    code_ = length;
  } else if (code_ == length) {
    code_ = 0;
  }
}

void SpanParser::settle_emphasis(char mark, std::size_t length, char next) {
  const char before = run_begin_ == 0 ? ' ' : held_[run_begin_ - 1];
  if (mark == '~' && length != 2) {
    // "~5-~10" means "about"; it is not struck out. A backslash in <http://a/~b> would be text.
    if (length == 1 && (is_blank(before) || is_punctuation(before)) && before != '/') {
      held_.insert(run_begin_, 1, '\\');
    }
    return;
  }
  const bool after_east_asian = ends_east_asian(std::string_view(held_).substr(0, run_begin_));
  const bool left = !is_blank(next) && (!is_punctuation(next) || is_blank(before) ||
                                        is_punctuation(before) || after_east_asian);
  const bool right = !is_blank(before) && (!is_punctuation(before) || is_blank(next) ||
                                           is_punctuation(next) || begins_east_asian(next));
  const bool opens = left && (mark != '_' || !right || is_punctuation(before));
  const bool closes = right && (mark != '_' || !left || is_punctuation(next));
  std::size_t& open = marks_open_[index_of(mark)];
  if (closes) {
    const std::size_t closed = std::min(open, length);
    open -= closed;
    length -= closed;
  }
  if (opens) open += length;
}

bool SpanParser::is_open() const {
  return code_ > 0 || brackets_ > 0 || address_ > 0 || marks_open_[0] > 0 || marks_open_[1] > 0 ||
         marks_open_[2] > 0;
}

void SpanParser::line_end() {
  if (!escaped_) take_blank();  // else it is a line break, unless the paragraph ends here
}

void SpanParser::line_break() {
  if (escaped_) held_.pop_back();
  escaped_ = false;
  if (is_open()) {
    if (!held_.ends_with(' ')) held_ += ' ';
    held_ += kLineBreakMark;
    held_ += ' ';
    is_plain_ = false;
    return;
  }
  release();
  sink_.line_break();
}

void SpanParser::finish() {
  settle_run(' ');
  release();
}

void SpanParser::release() {
  const bool ends_in_blank = held_.ends_with(' ');
  while (held_.ends_with(' ')) held_.pop_back();
  if (!held_.empty()) {
    if (is_plain_) {
      sink_.text(held_);
    } else {
      parse_spans(held_, sink_);
    }
  }
  if (ends_in_blank) sink_.text(" ");
  held_.clear();
  is_plain_ = true;
  escaped_ = false;
  run_ = 0;
  code_ = brackets_ = address_ = 0;
  after_bracket_ = false;
  marks_open_ = {};
}

}  // namespace rellama::markdown

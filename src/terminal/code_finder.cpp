#include "terminal/code_finder.hpp"

#include <algorithm>
#include <cctype>
#include <variant>

#include "markdown/cursor.hpp"

namespace rellama::terminal {
namespace {

using markdown::is_blank;
using markdown::run_length;
using markdown::trim_blanks;

constexpr std::size_t kShortestFence = 3;
constexpr std::size_t kLongestSearched = 8'192;  // that is searched for a fence

std::string_view trim_end(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || is_blank(text.back()))) text.remove_suffix(1);
  return text;
}

// A run of at least three marks.
struct Run {
  std::size_t begin = std::string_view::npos;  // npos: there is none
  std::size_t length = 0;
  std::size_t count = 0;  // of the runs up to this one
};

Run find_run(std::string_view text, char mark, std::size_t from) {
  for (auto at = text.find(mark, from); at != std::string_view::npos;) {
    const std::size_t length = run_length(text.substr(at), mark);
    if (length >= kShortestFence) return {at, length, 1};
    at = text.find(mark, at + length);
  }
  return {};
}

Run find_last_run(std::string_view text, char mark) {
  Run last;
  for (Run run = find_run(text, mark, 0); run.begin != std::string_view::npos;
       run = find_run(text, mark, run.begin + run.length)) {
    last = {run.begin, run.length, last.count + 1};
  }
  return last;
}

// What may follow an opening fence: the name of a language.
bool is_language(std::string_view info) {
  return std::all_of(info.begin(), info.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 ||
           std::string_view("+#-_.").find(static_cast<char>(c)) != std::string_view::npos;
  });
}

// The code in "bash ls -la", without its language.
std::string code_of_info(std::string_view info) {
  const auto blank = info.find(' ');
  const bool has_language = blank != std::string_view::npos && is_language(info.substr(0, blank));
  return std::string(has_language ? trim_blanks(info.substr(blank)) : info);
}

bool is_fenced_code(const markdown::Block& block) {
  const auto* code = std::get_if<markdown::Code>(&block);
  return code != nullptr && code->is_fenced;
}

}  // namespace

void CodeFinder::feed(std::string_view piece) {
  while (!piece.empty() && state_ != State::after) {
    if (state_ == State::loose) return take(piece);
    const std::size_t end = piece.find('\n');
    const std::string_view part = piece.substr(0, end == piece.npos ? end : end + 1);
    if (state_ == State::likely || line_.size() < kLongestSearched) line_ += part;
    if (state_ != State::likely) blocks_.feed(part);
    piece.remove_prefix(part.size());
    if (end == std::string_view::npos) continue;
    if (state_ == State::likely) {
      take_likely_line();
    } else if (state_ == State::before) {
      open_loosely();
    }
    line_.clear();
  }
}

void CodeFinder::finish() {
  if (state_ == State::likely) take_likely_line();
  if (state_ == State::before || state_ == State::inside) blocks_.finish();
  if (state_ == State::loose) end_code();
}

// At the end of a line such as "words ```language". Two runs enclose code within the line.
void CodeFinder::open_loosely() {
  const std::string_view line = trim_end(line_);
  const Run ticks = find_last_run(line, '`');
  const Run tildes = find_last_run(line, '~');
  const Run& run = ticks.count % 2 == 1 ? ticks : tildes;
  if (run.count % 2 == 0) return;
  mark_ = line[run.begin];
  length_ = run.length;
  info_ = trim_blanks(line.substr(run.begin + run.length));
  const bool is_sure = mark_ == '`' && !info_.empty() && is_language(info_);
  state_ = is_sure ? State::loose : State::likely;
}

// A line of a block that may turn out to be words.
void CodeFinder::take_likely_line() {
  const std::string_view line = trim_end(line_);
  const std::string_view start = trim_blanks(line);
  const std::size_t length = run_length(start, mark_);
  const std::string_view rest = start.substr(length);
  if (length >= length_ && (rest.empty() || is_blank(rest.front()))) {
    // "```print('hi')" and then the closing fence: the code is where its language should be.
    if (likely_.empty() && !info_.empty()) likely_ = code_of_info(info_) + "\n";
    code_(likely_);
    state_ = State::after;
  } else if (length >= kShortestFence && !rest.empty() && is_language(rest)) {
    state_ = State::before;  // another block starts: what came before it was no code
    blocks_.feed(line_);
  } else if (const Run last = find_last_run(line, mark_); last.count % 2 == 1 &&
                                                          last.length >= length_ &&
                                                          last.begin + last.length == line.size()) {
    code_(likely_ + std::string(line.substr(0, last.begin)) + "\n");
    state_ = State::after;
  } else {
    likely_ += line_;
  }
}

void CodeFinder::open(const markdown::Block& block) {
  if (state_ != State::before || !is_fenced_code(block)) return;
  state_ = State::inside;
  const Run ticks = find_run(line_, '`', 0);
  const Run tildes = find_run(line_, '~', 0);
  mark_ = tildes.begin < ticks.begin ? '~' : '`';
  length_ = std::max(kShortestFence, mark_ == '~' ? tildes.length : ticks.length);
}

void CodeFinder::close(const markdown::Block& /*block*/) {
  if (state_ == State::inside) end_code();
}

void CodeFinder::end_code() {
  if (!held_ends_block()) release();
  held_.clear();
  state_ = State::after;
}

void CodeFinder::text(std::string_view text) {
  if (state_ == State::inside) take(text);
}

void CodeFinder::take(std::string_view text) {
  while (!text.empty() && state_ != State::after) {
    if (text[0] == '\n') {
      take_line_end();
      text.remove_prefix(1);
      continue;
    }
    // What may be the end of the line is held; anything else releases it.
    std::size_t plain = 0;
    while (plain < text.size() && text[plain] != '\n' && text[plain] != mark_ &&
           !is_blank(text[plain])) {
      ++plain;
    }
    if (plain > 0) {
      if (is_closing_before_words()) {
        held_.clear();
        state_ = State::after;
        return;
      }
      release();
      code_(text.substr(0, plain));
      has_text_ = true;
      text.remove_prefix(plain);
      continue;
    }
    // Marks after blanks after marks: the first cannot be the end.
    if (text[0] == mark_ && !held_.empty() && is_blank(held_.back()) &&
        held_.find(mark_) != std::string::npos) {
      release();
      has_text_ = true;
    }
    held_ += text[0];
    text.remove_prefix(1);
  }
}

void CodeFinder::take_line_end() {
  if (held_ends_block()) {
    if (has_text_) code_("\n");
    held_.clear();
    state_ = State::after;
    return;
  }
  release();
  code_("\n");
  has_text_ = false;
  marks_before_ = 0;
}

void CodeFinder::release() {
  if (held_.empty()) return;
  marks_before_ += find_last_run(held_, mark_).count;
  code_(held_);
  held_.clear();
}

// "``` That is all.": at the start of a line, and apart from the words.
bool CodeFinder::is_closing_before_words() const {
  if (has_text_ || held_.empty() || !is_blank(held_.back())) return false;
  const std::string_view marks = trim_blanks(held_);
  const std::size_t length = run_length(marks, mark_);
  return length >= length_ && trim_blanks(marks.substr(length)).empty();
}

// Marks alone on their line close what Markdown does not know; after code they close any block,
// unless they are the second of a pair.
bool CodeFinder::held_ends_block() const {
  const auto begin = held_.find(mark_);
  if (begin == std::string::npos) return false;
  if (run_length(std::string_view(held_).substr(begin), mark_) < length_) return false;
  return has_text_ ? marks_before_ % 2 == 0 : state_ == State::loose;
}

}  // namespace rellama::terminal

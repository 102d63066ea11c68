#include "terminal/code_finder.hpp"

#include <algorithm>
#include <cctype>
#include <variant>

namespace rellama::terminal {
namespace {

constexpr std::size_t kShortestFence = 3;
constexpr std::size_t kLongestSearched = 8'192;  // that is searched for a fence

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r';
}

std::size_t run_length(std::string_view text, char c) {
  return std::min(text.find_first_not_of(c), text.size());
}

// A run of at least three marks.
struct Run {
  std::size_t begin = std::string_view::npos;  // npos: there is none
  std::size_t length = 0;
};

Run find_run(std::string_view text, char mark, std::size_t from) {
  for (auto at = text.find(mark, from); at != std::string_view::npos;) {
    const std::size_t length = run_length(text.substr(at), mark);
    if (length >= kShortestFence) return {at, length};
    at = text.find(mark, at + length);
  }
  return {};
}

std::size_t count_runs(std::string_view text, char mark) {
  std::size_t count = 0;
  for (Run run = find_run(text, mark, 0); run.begin != std::string_view::npos;
       run = find_run(text, mark, run.begin + run.length)) {
    ++count;
  }
  return count;
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
    if (state_ == State::before && line_.size() < kLongestSearched) line_ += part;
    blocks_.feed(part);
    piece.remove_prefix(part.size());
    if (end == std::string_view::npos) continue;
    if (state_ == State::before) open_loosely();
    line_.clear();
  }
}

void CodeFinder::finish() {
  if (state_ == State::before || state_ == State::inside) blocks_.finish();
  if (state_ == State::loose) end_code();
}

// At the end of a line such as "words ```language". Two runs enclose code within the line.
void CodeFinder::open_loosely() {
  std::string_view line = line_;
  while (!line.empty() && (line.back() == '\n' || is_blank(line.back()))) line.remove_suffix(1);
  if (count_runs(line, '`') % 2 == 0) return;
  const std::size_t language = line.find_last_of('`') + 1;
  const bool is_language = std::all_of(
      line.begin() + static_cast<std::ptrdiff_t>(language), line.end(), [](unsigned char c) {
        return std::isalnum(c) != 0 ||
               std::string_view("+#-_.").find(static_cast<char>(c)) != std::string_view::npos;
      });
  line = line.substr(0, language);
  const std::size_t length = line.size() - (line.find_last_not_of('`') + 1);
  if (!is_language || length < kShortestFence) return;
  state_ = State::loose;
  length_ = length;
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
  marks_before_ += count_runs(held_, mark_);
  code_(held_);
  held_.clear();
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

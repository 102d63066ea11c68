#include "terminal/markdown_blocks.hpp"

#include <algorithm>
#include <utility>

namespace rellama::terminal {
namespace {

constexpr std::size_t kLongestStart = 256;   // of a line of which nobody can say what it is
constexpr std::size_t kLongestLine = 8'192;  // of one that only its end explains

// Up to the line's end, without it.
std::string_view rest_of_line(std::string_view text) {
  return text.substr(0, text.find('\n'));
}

}  // namespace

void MarkdownBlocks::feed(std::string_view piece) {
  while (!piece.empty()) piece.remove_prefix(take(piece));
}

void MarkdownBlocks::finish() {
  if (!head_.empty() || place_ != Place::line_start) {
    if (place_ == Place::line_start || place_ == Place::held_line) {
      read_head(MarkdownLineEnd::ended);
    }
    if (place_ == Place::text) sink_.line_end();
  }
  print_pending_head();
  close_leaf();
  for (std::size_t i = state_.containers.size(); i > 0; --i) sink_.close_container();
  state_ = {};
  place_ = Place::line_start;
}

// Gives how many bytes of `rest` it took, at least one.
std::size_t MarkdownBlocks::take(std::string_view rest) {
  switch (place_) {
    case Place::line_start: return take_head(rest);
    case Place::held_line: return take_held(rest);
    case Place::text:
    case Place::heading:
    case Place::code: break;
  }
  const std::string_view line = rest_of_line(rest);
  if (!line.empty()) {
    if (place_ == Place::text) paragraph_text(line);
    if (place_ == Place::heading) heading_text(line);
    if (place_ == Place::code) sink_.code(line);
  }
  if (line.size() == rest.size()) return rest.size();
  end_line();
  return line.size() + 1;
}

std::size_t MarkdownBlocks::take_head(std::string_view rest) {
  if (rest[0] == '\n') {
    read_head(MarkdownLineEnd::ended);
    end_line();
    return 1;
  }
  head_ += rest[0];
  read_head(head_.size() < kLongestStart ? MarkdownLineEnd::open : MarkdownLineEnd::forced);
  return 1;
}

std::size_t MarkdownBlocks::take_held(std::string_view rest) {
  const std::string_view line = rest_of_line(rest.substr(0, kLongestLine));
  head_ += line;
  if (head_.size() >= kLongestLine) {
    // The same number of bytes, however they came.
    const std::size_t over = head_.size() - kLongestLine;
    head_.resize(kLongestLine);
    read_head(MarkdownLineEnd::forced);
    return line.size() - over;
  }
  if (line.size() == rest.size()) return rest.size();
  read_head(MarkdownLineEnd::ended);
  end_line();
  return line.size() + 1;
}

void MarkdownBlocks::read_head(MarkdownLineEnd end) {
  if (has_pending_head_) state_.leaf = MarkdownLeaf::paragraph;
  MarkdownLine line = read_markdown_line(state_, head_, end);
  if (has_pending_head_) state_.leaf = MarkdownLeaf::none;
  if (line.kind == MarkdownLineKind::undecided) return;
  if (line.kind == MarkdownLineKind::held) {
    place_ = Place::held_line;
    return;
  }
  if (line.kind != MarkdownLineKind::table_delimiter) print_pending_head();
  const std::string head = std::exchange(head_, {});
  std::string content(line.blanks, ' ');
  content += std::string_view(head).substr(line.content);
  begin_line(line, content);
}

// Closes what the line ends, and opens what begins with it.
void MarkdownBlocks::begin_line(const MarkdownLine& line, std::string_view content) {
  using Kind = MarkdownLineKind;
  switch (line.kind) {
    case Kind::text: begin_text(line, content); break;
    case Kind::code: begin_code(line, content); break;
    case Kind::table_delimiter: begin_table(line); break;
    case Kind::table_row: sink_.table_row(cells_of_row(content)); break;
    case Kind::fence_end: close_leaf(); break;
    case Kind::underline:
      close_leaf();
      sink_.underline(line.mark);
      break;
    case Kind::blank:
      if (state_.leaf == MarkdownLeaf::indented_code && belongs(line)) {
        ++blank_code_lines_;
        break;
      }
      match_containers(line);
      if (line.opened.empty()) sink_.blank();
      break;
    case Kind::heading:
      match_containers(line);
      sink_.open_heading(line.level);
      place_ = Place::heading;
      heading_tail_ = " ";
      heading_text(content);
      break;
    case Kind::fence:
      match_containers(line);
      state_.leaf = MarkdownLeaf::fenced_code;
      state_.fence = line.fence;
      sink_.open_code(&state_.fence);
      break;
    case Kind::rule:
      match_containers(line);
      sink_.rule();
      break;
    case Kind::table_head:
      match_containers(line);
      pending_head_ = content;
      has_pending_head_ = true;
      state_.head_columns = cells_of_row(content).size();
      break;
    case Kind::undecided:
    case Kind::held: break;
  }
}

void MarkdownBlocks::begin_text(const MarkdownLine& line, std::string_view content) {
  const bool goes_on = state_.leaf == MarkdownLeaf::paragraph && line.opened.empty();
  if (goes_on) {
    sink_.line_break();
    first_line_.clear();
    in_first_line_ = false;
    state_.head_columns = 0;
  } else {
    match_containers(line);
    sink_.open_paragraph();
    state_.leaf = MarkdownLeaf::paragraph;
    in_first_line_ = true;
  }
  place_ = Place::text;
  paragraph_text(content);
}

void MarkdownBlocks::begin_code(const MarkdownLine& line, std::string_view content) {
  const bool in_code =
      state_.leaf == MarkdownLeaf::fenced_code || state_.leaf == MarkdownLeaf::indented_code;
  if (!in_code || !belongs(line)) {
    match_containers(line);
    state_.leaf = MarkdownLeaf::indented_code;
    sink_.open_code(nullptr);
  }
  for (; blank_code_lines_ > 0; --blank_code_lines_) sink_.code("\n");
  place_ = Place::code;
  if (!content.empty()) sink_.code(content);
}

// Its head is pending, or went through as text before it was known to be one.
void MarkdownBlocks::begin_table(const MarkdownLine& line) {
  close_leaf();
  sink_.open_table(line.columns);
  sink_.table_row(has_pending_head_ ? cells_of_row(pending_head_) : std::vector<std::string>{});
  has_pending_head_ = false;
  pending_head_.clear();
  state_.head_columns = 0;
  state_.leaf = MarkdownLeaf::table;
}

// Whether the line is in the same containers as the one before.
bool MarkdownBlocks::belongs(const MarkdownLine& line) const {
  return line.opened.empty() && line.matched == state_.containers.size();
}

void MarkdownBlocks::end_line() {
  switch (place_) {
    case Place::text:
      sink_.line_end();
      if (in_first_line_ && first_line_.find('|') != std::string::npos) {
        state_.head_columns = cells_of_row(first_line_).size();
      }
      break;
    case Place::heading:
      heading_tail_.clear();
      sink_.close_text();
      break;
    case Place::code: sink_.code("\n"); break;
    case Place::line_start:
    case Place::held_line: break;
  }
  place_ = Place::line_start;
}

// Closes the leaf and the containers that the line does not belong to, and opens those it opens.
void MarkdownBlocks::match_containers(const MarkdownLine& line) {
  close_leaf();
  while (state_.containers.size() > line.matched) {
    state_.containers.pop_back();
    sink_.close_container();
  }
  for (const MarkdownContainer& container : line.opened) {
    state_.containers.push_back(container);
    sink_.open_container(container);
  }
}

void MarkdownBlocks::paragraph_text(std::string_view text) {
  if (in_first_line_) {
    first_line_ += text;
    if (first_line_.size() > kLongestLine) {
      first_line_.clear();
      in_first_line_ = false;
    }
  }
  if (!text.empty()) sink_.text(text);
}

// A run of # behind a blank closes a heading, if nothing else follows.
void MarkdownBlocks::heading_text(std::string_view text) {
  while (!text.empty()) {
    const char c = text[0];
    if (c == ' ' || c == '\t' || c == '\r' || (c == '#' && !heading_tail_.empty())) {
      heading_tail_ += c;
      text.remove_prefix(1);
      continue;
    }
    if (!heading_tail_.empty()) sink_.text(std::exchange(heading_tail_, {}));
    const std::size_t length = std::min(text.find_first_of(" \t\r"), text.size());
    sink_.text(text.substr(0, length));
    text.remove_prefix(length);
  }
}

void MarkdownBlocks::print_pending_head() {
  if (!std::exchange(has_pending_head_, false)) return;
  sink_.open_paragraph();
  sink_.text(std::exchange(pending_head_, {}));
  sink_.line_end();
  state_.leaf = MarkdownLeaf::paragraph;
  state_.head_columns = 0;
}

void MarkdownBlocks::close_leaf() {
  const bool had_blank_lines = std::exchange(blank_code_lines_, 0) > 0;
  switch (std::exchange(state_.leaf, MarkdownLeaf::none)) {
    case MarkdownLeaf::paragraph: sink_.close_text(); break;
    case MarkdownLeaf::fenced_code:
    case MarkdownLeaf::indented_code: sink_.close_code(); break;
    case MarkdownLeaf::table: sink_.close_table(); break;
    case MarkdownLeaf::none:
      if (place_ == Place::heading) sink_.close_text();
      break;
  }
  if (had_blank_lines) sink_.blank();
  first_line_.clear();
  in_first_line_ = false;
  state_.head_columns = 0;
}

}  // namespace rellama::terminal

#include "markdown/block_parser.hpp"

#include <algorithm>
#include <utility>

#include "markdown/row.hpp"

namespace rellama::markdown {
namespace {

constexpr std::size_t kLongestStart = 256;   // of a line whose kind is not certain yet
constexpr std::size_t kLongestLine = 8'192;  // of a line that only its end explains

// Up to the end of the line, excluding it.
std::string_view rest_of_line(std::string_view text) {
  return text.substr(0, text.find('\n'));
}

Block block_of(const Container& container) {
  if (container.kind == Container::Kind::quote) return Quote{};
  return Item{.number = container.number, .checked = container.checked};
}

}  // namespace

void BlockParser::feed(std::string_view piece) {
  while (!piece.empty()) piece.remove_prefix(take(piece));
}

void BlockParser::finish() {
  if (!head_.empty() || place_ != Place::line_start) {
    if (place_ == Place::line_start || place_ == Place::held_line) {
      read_head(LineEnd::ended);
    }
    if (place_ == Place::text) sink_.line_end();
  }
  send_pending_head();
  close_leaf();
  while (!state_.containers.empty()) close_container();
  state_ = {};
  place_ = Place::line_start;
}

// Returns how many bytes of `rest` it took, at least one.
std::size_t BlockParser::take(std::string_view rest) {
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
    if (place_ == Place::code) sink_.text(line);
  }
  if (line.size() == rest.size()) return rest.size();
  end_line();
  return line.size() + 1;
}

std::size_t BlockParser::take_head(std::string_view rest) {
  if (rest[0] == '\n') {
    read_head(LineEnd::ended);
    end_line();
    return 1;
  }
  head_ += rest[0];
  read_head(head_.size() < kLongestStart ? LineEnd::open : LineEnd::forced);
  return 1;
}

std::size_t BlockParser::take_held(std::string_view rest) {
  const std::string_view line = rest_of_line(rest.substr(0, kLongestLine));
  head_ += line;
  if (head_.size() >= kLongestLine) {
    // The same number of bytes, however they arrived.
    const std::size_t over = head_.size() - kLongestLine;
    head_.resize(kLongestLine);
    read_head(LineEnd::forced);
    return line.size() - over;
  }
  if (line.size() == rest.size()) return rest.size();
  read_head(LineEnd::ended);
  end_line();
  return line.size() + 1;
}

void BlockParser::read_head(LineEnd end) {
  if (has_pending_head_) state_.leaf = Leaf::paragraph;
  Line line = read_line(state_, head_, end);
  if (has_pending_head_) state_.leaf = Leaf::none;
  if (line.kind == LineKind::undecided) return;
  if (line.kind == LineKind::held) {
    place_ = Place::held_line;
    return;
  }
  if (line.kind != LineKind::table_delimiter) send_pending_head();
  const std::string head = std::exchange(head_, {});
  std::string content(line.blanks, ' ');
  content += std::string_view(head).substr(line.content);
  begin_line(line, content);
}

// Closes what the line ends, and opens what starts with it.
void BlockParser::begin_line(const Line& line, std::string_view content) {
  using Kind = LineKind;
  switch (line.kind) {
    case Kind::text: begin_text(line, content); break;
    case Kind::code: begin_code(line, content); break;
    case Kind::table_delimiter: begin_table(line); break;
    case Kind::table_row: sink_.row(cells_of_row(content)); break;
    case Kind::fence_end: close_leaf(); break;
    case Kind::underline:
      close_leaf();
      sink_.underline(line.level);
      break;
    case Kind::blank:
      if (state_.leaf == Leaf::indented_code && belongs(line)) {
        ++blank_code_lines_;
        break;
      }
      match_containers(line);
      if (line.opened.empty()) sink_.blank_line();
      break;
    case Kind::heading:
      match_containers(line);
      open_leaf(Heading{line.level});
      place_ = Place::heading;
      heading_tail_ = " ";
      heading_text(content);
      break;
    case Kind::fence:
      match_containers(line);
      state_.leaf = Leaf::fenced_code;
      state_.fence = line.fence;
      open_leaf(Code{.is_fenced = true, .info = line.fence.info});
      break;
    case Kind::rule:
      match_containers(line);
      sink_.open(Rule{});
      sink_.close(Rule{});
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

void BlockParser::begin_text(const Line& line, std::string_view content) {
  const bool goes_on = state_.leaf == Leaf::paragraph && line.opened.empty();
  if (goes_on) {
    sink_.line_break();
    first_line_.clear();
    in_first_line_ = false;
    state_.head_columns = 0;
  } else {
    match_containers(line);
    open_leaf(Paragraph{});
    state_.leaf = Leaf::paragraph;
    in_first_line_ = true;
  }
  place_ = Place::text;
  paragraph_text(content);
}

void BlockParser::begin_code(const Line& line, std::string_view content) {
  const bool in_code = state_.leaf == Leaf::fenced_code || state_.leaf == Leaf::indented_code;
  if (!in_code || !belongs(line)) {
    match_containers(line);
    state_.leaf = Leaf::indented_code;
    open_leaf(Code{.is_fenced = false});
  }
  for (; blank_code_lines_ > 0; --blank_code_lines_) sink_.text("\n");
  place_ = Place::code;
  if (!content.empty()) sink_.text(content);
}

// The head is pending, or was passed on as text before it was known to be one.
void BlockParser::begin_table(const Line& line) {
  close_leaf();
  open_leaf(Table{line.columns});
  sink_.row(has_pending_head_ ? cells_of_row(pending_head_) : std::vector<std::string>{});
  has_pending_head_ = false;
  pending_head_.clear();
  state_.head_columns = 0;
  state_.leaf = Leaf::table;
}

// Whether the line is in the same containers as the one before.
bool BlockParser::belongs(const Line& line) const {
  return line.opened.empty() && line.matched == state_.containers.size();
}

void BlockParser::end_line() {
  switch (place_) {
    case Place::text:
      sink_.line_end();
      if (in_first_line_ && first_line_.find('|') != std::string::npos) {
        state_.head_columns = cells_of_row(first_line_).size();
      }
      break;
    case Place::heading:
      heading_tail_.clear();
      sink_.close(leaf_);
      break;
    case Place::code: sink_.text("\n"); break;
    case Place::line_start:
    case Place::held_line: break;
  }
  place_ = Place::line_start;
}

// Closes the leaf and the containers the line does not belong to, and opens the ones it starts.
void BlockParser::match_containers(const Line& line) {
  close_leaf();
  while (state_.containers.size() > line.matched) close_container();
  for (const Container& container : line.opened) {
    state_.containers.push_back(container);
    sink_.open(block_of(container));
  }
}

void BlockParser::close_container() {
  const Container container = std::move(state_.containers.back());
  state_.containers.pop_back();
  sink_.close(block_of(container));
}

void BlockParser::paragraph_text(std::string_view text) {
  if (in_first_line_) {
    first_line_ += text;
    if (first_line_.size() > kLongestLine) {
      first_line_.clear();
      in_first_line_ = false;
    }
  }
  if (!text.empty()) sink_.text(text);
}

// A run of # after a blank closes a heading, if nothing follows it.
void BlockParser::heading_text(std::string_view text) {
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

void BlockParser::send_pending_head() {
  if (!std::exchange(has_pending_head_, false)) return;
  open_leaf(Paragraph{});
  sink_.text(std::exchange(pending_head_, {}));
  sink_.line_end();
  state_.leaf = Leaf::paragraph;
  state_.head_columns = 0;
}

void BlockParser::open_leaf(Block block) {
  leaf_ = std::move(block);
  sink_.open(leaf_);
}

void BlockParser::close_leaf() {
  const bool had_blank_lines = std::exchange(blank_code_lines_, 0) > 0;
  const bool was_open =
      std::exchange(state_.leaf, Leaf::none) != Leaf::none || place_ == Place::heading;
  if (was_open) sink_.close(leaf_);
  if (had_blank_lines) sink_.blank_line();
  first_line_.clear();
  in_first_line_ = false;
  state_.head_columns = 0;
}

}  // namespace rellama::markdown

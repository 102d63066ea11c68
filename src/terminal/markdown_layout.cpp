#include "terminal/markdown_layout.hpp"

#include <algorithm>
#include <utility>

namespace rellama::terminal {
namespace {

// No line starts with closing punctuation, or ends with opening punctuation.
constexpr std::string_view kClosing = ",.;:!?)]}%\"'、。,.;:!?)」』】〉》”’…";
constexpr std::string_view kOpening = "([{「『(【〈《“‘";

}  // namespace

void MarkdownLayout::indent(std::string first, std::string rest, TextStyle style) {
  begin_block();
  indents_.push_back({std::move(first), std::move(rest), style});
}

void MarkdownLayout::unindent() {
  end_block();
  // An item without text is shown too.
  if (indents_.back().first_is_due && indents_.back().first != indents_.back().rest) empty_line();
  indents_.pop_back();
}

void MarkdownLayout::begin_without_indents() {
  begin_block();
  const bool mark_is_due = std::any_of(indents_.begin(), indents_.end(), [](const Indent& indent) {
    return indent.first_is_due && indent.first != indent.rest;
  });
  if (mark_is_due) empty_line();
  has_no_indents_ = true;
}

void MarkdownLayout::end_without_indents() {
  end_block();
  has_no_indents_ = false;
}

void MarkdownLayout::begin_block() {
  end_block();
  if (std::exchange(blank_is_due_, false)) {
    print_indents(Left::of_blank_line);
    out_ += '\n';
  }
}

void MarkdownLayout::end_block() {
  end_word();
  if (line_began_) end_line();
}

void MarkdownLayout::line_break() {
  end_word();
  if (line_began_) {
    end_line();
  } else {
    empty_line();
  }
}

void MarkdownLayout::begin_line() {
  room_ = room();
  print_indents(Left::of_text);
  line_began_ = true;
  has_text_ = true;
  column_ = 0;
  space_is_due_ = false;
}

void MarkdownLayout::end_line() {
  out_ += '\n';
  line_began_ = false;
  space_is_due_ = false;
  last_width_ = std::exchange(column_, 0);
}

// A line that has only its indents.
void MarkdownLayout::empty_line() {
  print_indents(Left::of_empty_line);
  out_ += '\n';
  has_text_ = true;
}

// A blank line has only the bars of quotes: an item starts after it.
void MarkdownLayout::print_indents(Left left) {
  if (has_no_indents_) return;
  const std::size_t hidden = shown_indents().begin;
  std::size_t blanks = 0;  // columns that are blank unless something follows
  for (std::size_t i = 0; i < indents_.size(); ++i) {
    Indent& indent = indents_[i];
    const bool is_first = left != Left::of_blank_line && std::exchange(indent.first_is_due, false);
    if (i < hidden) continue;
    const std::string_view text = is_first ? indent.first : indent.rest;
    const std::size_t end = text.find_last_not_of(' ') + 1;
    if (end > 0) {
      out_.append(std::exchange(blanks, 0), ' ');
      out_ += styled(text.substr(0, end), indent.style);
    }
    blanks += text.size() - end;
  }
  if (left == Left::of_text) out_.append(blanks, ' ');
}

// The innermost indents, up to half of the line: deeply nested text has room too.
MarkdownLayout::Shown MarkdownLayout::shown_indents() const {
  if (has_no_indents_) return {.begin = indents_.size(), .width = 0};
  const std::size_t most = columns() / 2;
  Shown shown{.begin = indents_.size(), .width = 0};
  while (shown.begin > 0) {
    const std::size_t width = display_width(indents_[shown.begin - 1].rest);
    if (shown.width + width > most) break;
    shown.width += width;
    --shown.begin;
  }
  return shown;
}

std::size_t MarkdownLayout::room() const {
  return columns() - shown_indents().width;
}

std::size_t MarkdownLayout::columns() const {
  return static_cast<std::size_t>(std::max(columns_(), 1));
}

void MarkdownLayout::span(std::string_view text, TextStyle style) {
  style = style | base_style_;
  while (!text.empty()) {
    if (text[0] == ' ' || text[0] == '\t' || text[0] == '\n') {
      end_word();
      space_is_due_ = line_began_ && column_ > 0;
      space_style_ = style;
      text.remove_prefix(1);
      continue;
    }
    const Cluster cluster = first_cluster(text);
    add(cluster, style);
    text.remove_prefix(cluster.bytes.size());
  }
}

void MarkdownLayout::add(const Cluster& cluster, TextStyle style) {
  if (may_break_before(cluster)) end_word();
  if (!line_began_) begin_line();
  if (cluster.width > 0) make_room(cluster.width);
  if (word_.empty() || word_.back().style != style) word_.push_back({{}, style});
  word_.back().text += cluster.bytes;
  word_width_ += cluster.width;
  if (cluster.width > 0) after_wide_ = cluster.width > 1;
  after_opening_ = kOpening.find(cluster.bytes) != std::string_view::npos;
}

// Without a blank: scripts written without blanks can break beside each wide character.
bool MarkdownLayout::may_break_before(const Cluster& cluster) const {
  const bool is_wide = cluster.width > 1 || (after_wide_ && cluster.width > 0);
  return is_wide && !after_opening_ && kClosing.find(cluster.bytes) == std::string_view::npos;
}

// For a longer word. A word wider than a line is cut.
void MarkdownLayout::make_room(std::size_t width) {
  const std::size_t space = space_is_due_ ? 1 : 0;
  if (column_ > 0 && column_ + space + word_width_ + width > room_) {
    end_line();
    begin_line();
  }
  if (word_width_ > 0 && word_width_ + width > room_) {
    end_word();
    end_line();
    begin_line();
  }
}

void MarkdownLayout::end_word() {
  if (word_.empty()) return;
  if (std::exchange(space_is_due_, false)) {
    if (space_style_ == word_.front().style) {
      word_.front().text.insert(0, 1, ' ');
    } else {
      out_ += ' ';
    }
    ++column_;
  }
  for (const Piece& piece : word_) out_ += styled(piece.text, piece.style);
  column_ += std::exchange(word_width_, 0);
  word_.clear();
  after_wide_ = after_opening_ = false;
}

void MarkdownLayout::line(std::string_view text) {
  end_block();
  begin_line();
  out_ += text;
  column_ = styled_width(text);
  end_line();
}

void MarkdownLayout::verbatim(std::string_view text) {
  if (!line_began_) begin_line();
  out_ += text;
  column_ += text.size();
}

std::string MarkdownLayout::styled(std::string_view text, TextStyle style) const {
  std::string out;
  append_styled(out, text, form_.marks == SpanMarks::styles ? style : TextStyle::plain);
  return out;
}

std::string MarkdownLayout::take() {
  return std::exchange(out_, {});
}

}  // namespace rellama::terminal

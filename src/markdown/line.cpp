// One line of Markdown from its left end: the marks of the containers it belongs to, those of
// containers that begin here, and then what it is itself. Where the line as far as it has come
// could still be two things the answer is `undecided`, and the caller asks again with one character
// more.

#include "terminal/markdown_line.hpp"

#include <algorithm>

#include "terminal/markdown_cursor.hpp"
#include "terminal/markdown_row.hpp"

namespace rellama::terminal {
namespace {

using Cursor = MarkdownCursor;
using Container = MarkdownContainer;
using Kind = MarkdownLineKind;

constexpr std::size_t kDeepest = 24;       // containers within each other; what is deeper is text
constexpr std::size_t kCodeIndent = 4;     // columns that make an indented block of code
constexpr std::size_t kLongestNumber = 9;  // digits of an ordered item
constexpr std::size_t kNestedIndent = 2;   // see read_markdown_line

enum class Found { no, perhaps, yes };

std::size_t run_length(std::string_view text, char c) {
  return std::min(text.find_first_not_of(c), text.size());
}

class Reader {
 public:
  Reader(const MarkdownState& state, std::string_view head, MarkdownLineEnd end)
      : state_(state), end_(end), cursor_(head) {}

  MarkdownLine read() {
    if (match_containers() == Found::perhaps) return undecided();
    const bool in_fence = state_.leaf == MarkdownLeaf::fenced_code && matches_all();
    if (end_ == MarkdownLineEnd::forced) return in_fence ? code(state_.fence.indent) : text();
    if (in_fence) return read_in_fence();
    while (true) {
      const std::optional<MarkdownLine> line = read_block();
      if (line) return *line;
    }
  }

 private:
  [[nodiscard]] bool may_go_on(const Cursor& at) const {
    return at.at_end() && end_ == MarkdownLineEnd::open;
  }
  [[nodiscard]] bool matches_all() const {
    return line_.matched == state_.containers.size() && line_.opened.empty();
  }
  // A paragraph that this line could continue, lazily or not.
  [[nodiscard]] bool in_paragraph() const {
    return state_.leaf == MarkdownLeaf::paragraph && line_.opened.empty();
  }

  MarkdownLine finish(Kind kind, const Cursor& content) {
    line_.kind = kind;
    line_.content = content.offset();
    line_.blanks = content.left_of_tab();
    return line_;
  }
  MarkdownLine undecided() { return finish(Kind::undecided, cursor_); }
  MarkdownLine text() { return finish(Kind::text, cursor_.behind_blanks()); }
  MarkdownLine held_or(Kind kind) {
    return finish(end_ == MarkdownLineEnd::open ? Kind::held : kind, cursor_.behind_blanks());
  }
  MarkdownLine code(std::size_t indent) {
    cursor_.skip_columns(indent);
    return finish(Kind::code, cursor_);
  }

  Found match_containers() {
    for (; line_.matched < state_.containers.size(); ++line_.matched) {
      const Container& container = state_.containers[line_.matched];
      const Found found =
          container.kind == Container::Kind::quote ? match_quote() : match_item(container);
      if (found != Found::yes) return found;
    }
    return Found::yes;
  }

  Found match_quote() {
    if (cursor_.indent() >= kCodeIndent) return Found::no;
    Cursor mark = cursor_.behind_blanks();
    if (may_go_on(mark)) return Found::perhaps;
    if (mark.at_end() || mark.peek() != '>') return Found::no;
    mark.skip(1);
    if (may_go_on(mark)) return Found::perhaps;
    mark.skip_columns(1);
    cursor_ = mark;
    return Found::yes;
  }

  Found match_item(const Container& item) {
    const Cursor content = cursor_.behind_blanks();
    if (may_go_on(content)) return Found::perhaps;
    if (content.at_end()) {
      cursor_.skip_columns(item.needs_indent);
      return Found::yes;
    }
    const std::size_t indent = cursor_.indent();
    if (indent >= item.needs_indent) {
      cursor_.skip_columns(item.needs_indent);
      return Found::yes;
    }
    if (indent < item.mark_indent + kNestedIndent) return Found::no;
    Item nested;
    const Found found = find_item(content, nested);
    if (found == Found::yes) cursor_ = content;
    return found;
  }

  MarkdownLine read_in_fence() {
    const Cursor content = cursor_.behind_blanks();
    if (cursor_.indent() >= kCodeIndent) return code(state_.fence.indent);
    if (may_go_on(content)) return undecided();
    const std::string_view rest = content.rest();
    const std::size_t length = run_length(rest, state_.fence.mark);
    Cursor behind = content;
    behind.skip(length);
    if (length > 0 && may_go_on(behind)) return undecided();
    if (length < state_.fence.length) return code(state_.fence.indent);
    behind.skip_blanks();
    if (may_go_on(behind)) return undecided();
    return behind.at_end() ? finish(Kind::fence_end, behind) : code(state_.fence.indent);
  }

  // What begins at the cursor; nothing if it was a container and there is more to read behind it.
  std::optional<MarkdownLine> read_block() {
    const Cursor content = cursor_.behind_blanks();
    if (may_go_on(content)) return undecided();
    if (content.at_end()) return finish(Kind::blank, content);
    if (cursor_.indent() >= kCodeIndent) {
      if (in_paragraph()) return text();
      if (state_.leaf == MarkdownLeaf::table && matches_all()) return held_or(Kind::table_row);
      return code(kCodeIndent);
    }
    for (const auto read : {&Reader::read_quote, &Reader::read_delimiters, &Reader::read_underline,
                            &Reader::read_heading, &Reader::read_fence, &Reader::read_rule,
                            &Reader::read_item, &Reader::read_task}) {
      MarkdownLine line;
      switch ((this->*read)(content, line)) {
        case Step::other: continue;
        case Step::line: return line;
        case Step::container: return std::nullopt;
      }
    }
    return read_table_or_text(content);
  }

  // What one kind of block makes of a line: it is none of that, it is a line, or it is a container
  // behind which the cursor is now.
  enum class Step { other, line, container };

  Step read_quote(const Cursor& content, MarkdownLine& /*line*/) {
    if (content.peek() != '>' || too_deep()) return Step::other;
    cursor_ = content;
    cursor_.skip(1);
    cursor_.skip_columns(1);
    line_.opened.push_back({});
    return Step::container;
  }

  // Behind the head of a table.
  Step read_delimiters(const Cursor& content, MarkdownLine& line) {
    const bool may_be = state_.head_columns > 0 && in_paragraph() && matches_all();
    if (!may_be || std::string_view("|:-").find(content.peek()) == std::string_view::npos) {
      return Step::other;
    }
    if (end_ == MarkdownLineEnd::open) {
      line = finish(Kind::held, content);
      return Step::line;
    }
    line_.columns = read_delimiter_row(content.rest());
    if (line_.columns.size() != state_.head_columns) return Step::other;
    line = finish(Kind::table_delimiter, content);
    return Step::line;
  }

  Step read_underline(const Cursor& content, MarkdownLine& line) {
    const char mark = content.peek();
    if (!in_paragraph() || !matches_all() || (mark != '=' && mark != '-')) return Step::other;
    Cursor behind = content;
    behind.skip(run_length(content.rest(), mark));
    behind.skip_blanks();
    if (!behind.at_end()) return Step::other;
    line_.mark = mark;
    line = may_go_on(behind) ? undecided() : finish(Kind::underline, behind);
    return Step::line;
  }

  Step read_heading(const Cursor& content, MarkdownLine& line) {
    constexpr std::size_t kLowestLevel = 6;
    const std::size_t level = run_length(content.rest(), '#');
    if (level == 0 || level > kLowestLevel) return Step::other;
    Cursor behind = content;
    behind.skip(level);
    if (!behind.at_end() && !is_markdown_blank(behind.peek())) return Step::other;
    line_.level = static_cast<int>(level);
    line = may_go_on(behind) ? undecided() : finish(Kind::heading, behind.behind_blanks());
    return Step::line;
  }

  Step read_fence(const Cursor& content, MarkdownLine& line) {
    constexpr std::size_t kShortest = 3;
    const char mark = content.peek();
    if (mark != '`' && mark != '~') return Step::other;
    Cursor behind = content;
    const std::size_t length = run_length(content.rest(), mark);
    behind.skip(length);
    if (length < kShortest) {
      if (!may_go_on(behind)) return Step::other;
      line = undecided();
      return Step::line;
    }
    if (mark == '`' && behind.rest().find('`') != std::string_view::npos) return Step::other;
    const std::string_view info = trim_blanks(behind.rest());
    line_.fence = {
        .mark = mark, .length = length, .indent = cursor_.indent(), .info = std::string(info)};
    line = held_or(Kind::fence);
    return Step::line;
  }

  // Three or more of - _ * and nothing else.
  Step read_rule(const Cursor& content, MarkdownLine& line) {
    const char mark = content.peek();
    if (mark != '-' && mark != '_' && mark != '*') return Step::other;
    const std::string_view rest = content.rest();
    const auto is_part = [mark](char c) { return c == mark || is_markdown_blank(c); };
    if (!std::all_of(rest.begin(), rest.end(), is_part)) return Step::other;
    if (end_ == MarkdownLineEnd::open) {
      line = undecided();
      return Step::line;
    }
    if (std::count(rest.begin(), rest.end(), mark) < 3) return Step::other;
    line = finish(Kind::rule, content);
    return Step::line;
  }

  // An item of a list, where its own text begins.
  struct Item {
    Container container;
    std::size_t characters = 0;  // of the mark
    std::size_t columns = 0;     // of blanks behind it
    bool may_interrupt = false;  // a paragraph, which only 1. and what is not empty may
  };

  Found find_item(const Cursor& content, Item& item) const {
    const Found found = find_mark(content, item);
    if (found != Found::yes) return found;
    Cursor behind = content;
    behind.skip(item.characters);
    if (may_go_on(behind)) return Found::perhaps;
    if (!behind.at_end() && !is_markdown_blank(behind.peek())) return Found::no;
    if (may_go_on(behind.behind_blanks())) return Found::perhaps;
    const bool is_empty = behind.behind_blanks().at_end();
    const std::size_t columns = behind.indent();
    item.columns = is_empty || columns > kCodeIndent ? 1 : columns;
    item.may_interrupt = item.may_interrupt && !is_empty;
    return Found::yes;
  }

  Found find_mark(const Cursor& content, Item& item) const {
    const std::string_view rest = content.rest();
    if (std::string_view("-+*").find(rest[0]) != std::string_view::npos) {
      item.container.kind = Container::Kind::bullet;
      item.characters = 1;
      item.may_interrupt = true;
      return Found::yes;
    }
    const std::size_t digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
    if (digits == 0 || digits > kLongestNumber) return Found::no;
    if (digits == rest.size()) {
      return end_ == MarkdownLineEnd::open ? Found::perhaps : Found::no;
    }
    if (rest[digits] != '.' && rest[digits] != ')') return Found::no;
    item.container.kind = Container::Kind::ordered;
    item.container.mark = rest.substr(0, digits + 1);
    item.characters = digits + 1;
    item.may_interrupt = rest.substr(0, digits) == "1";
    return Found::yes;
  }

  Step read_item(const Cursor& content, MarkdownLine& line) {
    if (too_deep()) return Step::other;
    Item item;
    const Found found = find_item(content, item);
    if (found == Found::perhaps) {
      line = undecided();
      return Step::line;
    }
    const bool interrupts = in_paragraph() && matches_all();
    if (found == Found::no || (interrupts && !item.may_interrupt)) return Step::other;
    item.container.mark_indent = cursor_.indent();
    item.container.needs_indent = item.container.mark_indent + item.characters + item.columns;
    cursor_ = content;
    cursor_.skip(item.characters);
    cursor_.skip_columns(item.columns);
    line_.opened.push_back(std::move(item.container));
    return Step::container;
  }

  // "[ ] " or "[x] " where an item begins.
  Step read_task(const Cursor& content, MarkdownLine& line) {
    if (line_.opened.empty() || line_.opened.back().kind == Container::Kind::quote ||
        line_.opened.back().task) {
      return Step::other;
    }
    constexpr std::string_view kBoxes[] = {"[ ]", "[x]", "[X]"};
    for (const std::string_view box : kBoxes) {
      const std::string_view rest = content.rest();
      if (rest.size() <= box.size() && box.starts_with(rest) && may_go_on_behind(content)) {
        line = undecided();
        return Step::line;
      }
      if (rest.size() <= box.size() || !rest.starts_with(box) ||
          !is_markdown_blank(rest[box.size()])) {
        continue;
      }
      line_.opened.back().task = box[1] != ' ';
      cursor_ = content;
      cursor_.skip(box.size());
      line = text();
      return Step::line;
    }
    return Step::other;
  }

  MarkdownLine read_table_or_text(const Cursor& content) {
    if (state_.leaf == MarkdownLeaf::table && matches_all()) return held_or(Kind::table_row);
    if (content.peek() == '|' && !in_paragraph()) return held_or(Kind::table_head);
    return text();
  }

  [[nodiscard]] bool too_deep() const { return line_.matched + line_.opened.size() >= kDeepest; }
  [[nodiscard]] bool may_go_on_behind(const Cursor& content) const {
    return !content.at_end() && end_ == MarkdownLineEnd::open;
  }

  const MarkdownState& state_;
  const MarkdownLineEnd end_;
  Cursor cursor_;  // behind the marks of the containers
  MarkdownLine line_;
};

}  // namespace

MarkdownLine read_markdown_line(const MarkdownState& state, std::string_view head,
                                MarkdownLineEnd end) {
  return Reader(state, head, end).read();
}

}  // namespace rellama::terminal

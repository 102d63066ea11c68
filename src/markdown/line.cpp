// Reads one line from its left end: first the marks of the containers it belongs to, then those of
// the containers that start on it, then its own kind. While what has arrived of the line could
// still be two things, the result is `undecided`, and the caller asks again with one more
// character.

#include "markdown/line.hpp"

#include <algorithm>

#include "markdown/cursor.hpp"
#include "markdown/row.hpp"

namespace rellama::markdown {
namespace {

using Kind = LineKind;

constexpr std::size_t kDeepest = 24;       // nested containers; what is deeper is text
constexpr std::size_t kCodeIndent = 4;     // columns that make an indented code block
constexpr std::size_t kLongestNumber = 9;  // digits of an item's number
constexpr std::size_t kNestedIndent = 2;   // see read_line

enum class Found { no, perhaps, yes };

class Reader {
 public:
  Reader(const State& state, std::string_view head, LineEnd end)
      : state_(state), end_(end), cursor_(head) {}

  Line read() {
    if (match_containers() == Found::perhaps) return undecided();
    const bool in_fence = state_.leaf == Leaf::fenced_code && matches_all();
    if (end_ == LineEnd::forced) return in_fence ? code(state_.fence.indent) : text();
    if (in_fence) return read_in_fence();
    while (true) {
      const std::optional<Line> line = read_block();
      if (line) return *line;
    }
  }

 private:
  [[nodiscard]] bool may_go_on(const Cursor& at) const {
    return at.at_end() && end_ == LineEnd::open;
  }
  [[nodiscard]] bool matches_all() const {
    return line_.matched == state_.containers.size() && line_.opened.empty();
  }
  // Whether this line could continue a paragraph, lazily or not.
  [[nodiscard]] bool in_paragraph() const {
    return state_.leaf == Leaf::paragraph && line_.opened.empty();
  }

  Line finish(Kind kind, const Cursor& content) {
    line_.kind = kind;
    line_.content = content.offset();
    line_.blanks = content.left_of_tab();
    return line_;
  }
  Line undecided() { return finish(Kind::undecided, cursor_); }
  Line text() { return finish(Kind::text, cursor_.after_blanks()); }
  Line held_or(Kind kind) {
    return finish(end_ == LineEnd::open ? Kind::held : kind, cursor_.after_blanks());
  }
  Line code(std::size_t indent) {
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
    Cursor mark = cursor_.after_blanks();
    if (may_go_on(mark)) return Found::perhaps;
    if (mark.at_end() || mark.peek() != '>') return Found::no;
    mark.skip(1);
    if (may_go_on(mark)) return Found::perhaps;
    mark.skip_columns(1);
    cursor_ = mark;
    return Found::yes;
  }

  Found match_item(const Container& item) {
    const Cursor content = cursor_.after_blanks();
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

  Line read_in_fence() {
    const Cursor content = cursor_.after_blanks();
    if (cursor_.indent() >= kCodeIndent) return code(state_.fence.indent);
    if (may_go_on(content)) return undecided();
    const std::string_view rest = content.rest();
    const std::size_t length = run_length(rest, state_.fence.mark);
    Cursor after = content;
    after.skip(length);
    if (length > 0 && may_go_on(after)) return undecided();
    if (length < state_.fence.length) return code(state_.fence.indent);
    after.skip_blanks();
    if (may_go_on(after)) return undecided();
    return after.at_end() ? finish(Kind::fence_end, after) : code(state_.fence.indent);
  }

  // Returns what starts at the cursor, or nothing if that was a container with more to read after
  // it.
  std::optional<Line> read_block() {
    const Cursor content = cursor_.after_blanks();
    if (may_go_on(content)) return undecided();
    if (content.at_end()) return finish(Kind::blank, content);
    if (cursor_.indent() >= kCodeIndent) {
      if (in_paragraph()) return text();
      if (state_.leaf == Leaf::table && matches_all()) return held_or(Kind::table_row);
      return code(kCodeIndent);
    }
    for (const auto read : {&Reader::read_quote, &Reader::read_delimiters, &Reader::read_underline,
                            &Reader::read_heading, &Reader::read_fence, &Reader::read_rule,
                            &Reader::read_item, &Reader::read_task}) {
      Line line;
      switch ((this->*read)(content, line)) {
        case Step::other: continue;
        case Step::line: return line;
        case Step::container: return std::nullopt;
      }
    }
    return read_table_or_text(content);
  }

  // What a reader of one kind of block found: something else, a line of that kind, or a container,
  // which the cursor is past now.
  enum class Step { other, line, container };

  Step read_quote(const Cursor& content, Line& /*line*/) {
    if (content.peek() != '>' || too_deep()) return Step::other;
    cursor_ = content;
    cursor_.skip(1);
    cursor_.skip_columns(1);
    line_.opened.push_back({});
    return Step::container;
  }

  // The line after the head of a table.
  Step read_delimiters(const Cursor& content, Line& line) {
    const bool may_be = state_.head_columns > 0 && in_paragraph() && matches_all();
    if (!may_be || std::string_view("|:-").find(content.peek()) == std::string_view::npos) {
      return Step::other;
    }
    if (end_ == LineEnd::open) {
      line = finish(Kind::held, content);
      return Step::line;
    }
    line_.columns = read_delimiter_row(content.rest());
    if (line_.columns.size() != state_.head_columns) return Step::other;
    line = finish(Kind::table_delimiter, content);
    return Step::line;
  }

  Step read_underline(const Cursor& content, Line& line) {
    const char mark = content.peek();
    if (!in_paragraph() || !matches_all() || (mark != '=' && mark != '-')) return Step::other;
    Cursor after = content;
    after.skip(run_length(content.rest(), mark));
    after.skip_blanks();
    if (!after.at_end()) return Step::other;
    line_.level = mark == '=' ? 1 : 2;
    line = may_go_on(after) ? undecided() : finish(Kind::underline, after);
    return Step::line;
  }

  Step read_heading(const Cursor& content, Line& line) {
    constexpr std::size_t kLowestLevel = 6;
    const std::size_t level = run_length(content.rest(), '#');
    if (level == 0 || level > kLowestLevel) return Step::other;
    Cursor after = content;
    after.skip(level);
    if (!after.at_end() && !is_blank(after.peek())) return Step::other;
    line_.level = static_cast<int>(level);
    line = may_go_on(after) ? undecided() : finish(Kind::heading, after.after_blanks());
    return Step::line;
  }

  Step read_fence(const Cursor& content, Line& line) {
    constexpr std::size_t kShortest = 3;
    const char mark = content.peek();
    if (mark != '`' && mark != '~') return Step::other;
    Cursor after = content;
    const std::size_t length = run_length(content.rest(), mark);
    after.skip(length);
    if (length < kShortest) {
      if (!may_go_on(after)) return Step::other;
      line = undecided();
      return Step::line;
    }
    if (mark == '`' && after.rest().find('`') != std::string_view::npos) return Step::other;
    const std::string_view info = trim_blanks(after.rest());
    line_.fence = {
        .mark = mark, .length = length, .indent = cursor_.indent(), .info = std::string(info)};
    line = held_or(Kind::fence);
    return Step::line;
  }

  // Three or more of - _ * and nothing else.
  Step read_rule(const Cursor& content, Line& line) {
    const char mark = content.peek();
    if (mark != '-' && mark != '_' && mark != '*') return Step::other;
    const std::string_view rest = content.rest();
    const auto is_part = [mark](char c) { return c == mark || is_blank(c); };
    if (!std::all_of(rest.begin(), rest.end(), is_part)) return Step::other;
    if (end_ == LineEnd::open) {
      line = undecided();
      return Step::line;
    }
    if (std::count(rest.begin(), rest.end(), mark) < 3) return Step::other;
    line = finish(Kind::rule, content);
    return Step::line;
  }

  // A list item and where its own text starts.
  struct Item {
    Container container;
    std::size_t characters = 0;  // of the mark
    std::size_t columns = 0;     // of blanks after it
    bool may_interrupt = false;  // a paragraph: only "1." and bullets may, if not empty
  };

  Found find_item(const Cursor& content, Item& item) const {
    const Found found = find_mark(content, item);
    if (found != Found::yes) return found;
    Cursor after = content;
    after.skip(item.characters);
    if (may_go_on(after)) return Found::perhaps;
    if (!after.at_end() && !is_blank(after.peek())) return Found::no;
    if (may_go_on(after.after_blanks())) return Found::perhaps;
    const bool is_empty = after.after_blanks().at_end();
    const std::size_t columns = after.indent();
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
      return end_ == LineEnd::open ? Found::perhaps : Found::no;
    }
    if (rest[digits] != '.' && rest[digits] != ')') return Found::no;
    item.container.kind = Container::Kind::ordered;
    item.container.number = rest.substr(0, digits + 1);
    item.characters = digits + 1;
    item.may_interrupt = rest.substr(0, digits) == "1";
    return Found::yes;
  }

  Step read_item(const Cursor& content, Line& line) {
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

  // "[ ] " or "[x] " at the start of an item.
  Step read_task(const Cursor& content, Line& line) {
    if (line_.opened.empty() || line_.opened.back().kind == Container::Kind::quote ||
        line_.opened.back().checked) {
      return Step::other;
    }
    constexpr std::string_view kBoxes[] = {"[ ]", "[x]", "[X]"};
    for (const std::string_view box : kBoxes) {
      const std::string_view rest = content.rest();
      if (rest.size() <= box.size() && box.starts_with(rest) && may_go_on_after(content)) {
        line = undecided();
        return Step::line;
      }
      if (rest.size() <= box.size() || !rest.starts_with(box) || !is_blank(rest[box.size()])) {
        continue;
      }
      line_.opened.back().checked = box[1] != ' ';
      cursor_ = content;
      cursor_.skip(box.size());
      line = text();
      return Step::line;
    }
    return Step::other;
  }

  Line read_table_or_text(const Cursor& content) {
    if (state_.leaf == Leaf::table && matches_all()) return held_or(Kind::table_row);
    if (in_paragraph()) return text();
    const std::string_view rest = content.rest();
    const std::size_t pipe = rest.find('|');
    if (may_be_first_cell(rest.substr(0, pipe))) {
      if (pipe != std::string_view::npos) return held_or(Kind::table_head);
      if (end_ == LineEnd::open) return undecided();
    }
    return text();
  }

  [[nodiscard]] bool too_deep() const { return line_.matched + line_.opened.size() >= kDeepest; }
  [[nodiscard]] bool may_go_on_after(const Cursor& content) const {
    return !content.at_end() && end_ == LineEnd::open;
  }

  const State& state_;
  const LineEnd end_;
  Cursor cursor_;  // after the marks of containers
  Line line_;
};

}  // namespace

Line read_line(const State& state, std::string_view head, LineEnd end) {
  return Reader(state, head, end).read();
}

}  // namespace rellama::markdown

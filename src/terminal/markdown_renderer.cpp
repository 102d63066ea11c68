#include "terminal/markdown_renderer.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace rellama::terminal {
namespace {

constexpr std::size_t kTab = 4;  // columns, in code

TextStyle heading_style(int level) {
  switch (level) {
    case 1: return TextStyle::strong | TextStyle::underline;
    case 2: return TextStyle::strong;
    default: return TextStyle::strong | TextStyle::emphasis;
  }
}

}  // namespace

// Text is made safe before it is parsed, so that the layout sees what is shown.
std::string MarkdownRenderer::feed(std::string_view piece) {
  parser_.feed(visible_.filter(piece));
  return layout_.take();
}

std::string MarkdownRenderer::finish() {
  parser_.feed(visible_.finish());
  parser_.finish();
  layout_.end_block();
  return layout_.take();
}

void MarkdownRenderer::open(const markdown::Block& block) {
  std::visit([this](const auto& opened) { begin(opened); }, block);
}

void MarkdownRenderer::close(const markdown::Block& block) {
  std::visit([this](const auto& closed) { end(closed); }, block);
}

void MarkdownRenderer::text(std::string_view text) {
  if (in_code_) {
    code_text(text);
  } else {
    spans().text(text);
  }
}

// The text was printed before. A line drawn under it makes it a heading.
void MarkdownRenderer::underline(int level) {
  const std::size_t width = std::clamp<std::size_t>(layout_.last_width(), 3, layout_.room() + 2);
  const std::size_t length = std::min(width, layout_.room());
  layout_.line(level == 1 ? repeat("═", '=', length) : repeat("─", '-', length));
}

void MarkdownRenderer::begin(const markdown::Quote& /*quote*/) {
  const std::string bar = is_unicode() ? "▌ " : "> ";
  layout_.indent(bar, bar, TextStyle::faint);
}

void MarkdownRenderer::begin(const markdown::Item& item) {
  std::string mark = item.number.empty() ? (is_unicode() ? "•" : "*") : item.number;
  if (item.checked) {
    const std::string box =
        is_unicode() ? (*item.checked ? "☑" : "☐") : (*item.checked ? "[x]" : "[ ]");
    mark = item.number.empty() ? box : item.number + " " + box;
  }
  mark += ' ';
  const std::size_t width = styled_width(mark);
  layout_.indent(std::move(mark), std::string(width, ' '), TextStyle::plain);
}

void MarkdownRenderer::begin(const markdown::Paragraph& /*paragraph*/) {
  layout_.begin_block();
}

// Without attributes a heading keeps its marks.
void MarkdownRenderer::begin(const markdown::Heading& heading) {
  layout_.begin_block();
  if (layout_.form().marks == SpanMarks::styles) {
    layout_.set_style(heading_style(heading.level));
  } else {
    const std::string marks(static_cast<std::size_t>(heading.level), '#');
    layout_.span(marks + " ", TextStyle::plain);
  }
}

void MarkdownRenderer::end(const markdown::Heading& /*heading*/) {
  layout_.end_block();
  layout_.set_style(TextStyle::plain);
}

void MarkdownRenderer::begin(const markdown::Code& code) {
  layout_.begin_without_indents();
  const std::string language = one_line(code.info);
  layout_.line(
      layout_.styled(code_rule() + (language.empty() ? "" : " " + language), TextStyle::faint));
  in_code_ = true;
  code_column_ = 0;
}

std::string MarkdownRenderer::code_rule() const {
  return repeat("─", '-', 3);
}

// The terminal wraps lines that are too long, so that they are copied as one line. Nothing stands
// to the left of them, not even in a list, so that they can be copied at all.
void MarkdownRenderer::code_text(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = std::min(text.find_first_of("\t\n"), text.size());
    code_line_part(text.substr(0, length));
    text.remove_prefix(length);
    if (text.empty()) return;
    if (text[0] == '\n') {
      layout_.line_break();
      code_column_ = 0;
    } else {
      code_line_part(std::string(kTab - code_column_ % kTab, ' '));
    }
    text.remove_prefix(1);
  }
}

void MarkdownRenderer::code_line_part(std::string_view text) {
  if (text.empty()) return;
  layout_.verbatim(text);
  for (const char c : text) {
    if ((static_cast<unsigned char>(c) & 0xC0U) != 0x80U) ++code_column_;
  }
}

void MarkdownRenderer::end(const markdown::Code& /*code*/) {
  in_code_ = false;
  layout_.end_block();
  layout_.line(layout_.styled(code_rule(), TextStyle::faint));
  layout_.end_without_indents();
}

void MarkdownRenderer::begin(const markdown::Table& table) {
  layout_.begin_block();
  table_.emplace(layout_, table.columns);
}

void MarkdownRenderer::end(const markdown::Table& /*table*/) {
  table_->finish();
  table_.reset();
}

void MarkdownRenderer::begin(const markdown::Rule& /*rule*/) {
  layout_.begin_block();
  layout_.line(layout_.styled(repeat("─", '-', layout_.room()), TextStyle::faint));
}

std::string MarkdownRenderer::repeat(std::string_view unicode, char ascii,
                                     std::size_t times) const {
  std::string line;
  for (std::size_t i = 0; i < times; ++i) {
    if (is_unicode()) {
      line += unicode;
    } else {
      line += ascii;
    }
  }
  return line;
}

}  // namespace rellama::terminal

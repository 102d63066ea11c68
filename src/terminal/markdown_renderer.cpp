#include "terminal/markdown_renderer.hpp"

#include <algorithm>

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

std::string MarkdownRenderer::feed(std::string_view piece) {
  blocks_.feed(visible_.filter(piece));
  return layout_.take();
}

std::string MarkdownRenderer::finish() {
  blocks_.feed(visible_.finish());
  blocks_.finish();
  layout_.end_block();
  return layout_.take();
}

void MarkdownRenderer::open_container(const MarkdownContainer& container) {
  if (container.kind == MarkdownContainer::Kind::quote) {
    const std::string bar = is_unicode() ? "▌ " : "> ";
    layout_.indent(bar, bar, TextStyle::faint);
    return;
  }
  std::string mark = container.mark.empty() ? (is_unicode() ? "•" : "*") : container.mark;
  if (container.task) {
    const std::string box =
        is_unicode() ? (*container.task ? "☑" : "☐") : (*container.task ? "[x]" : "[ ]");
    mark = container.mark.empty() ? box : container.mark + " " + box;
  }
  mark += ' ';
  const std::size_t width = styled_width(mark);
  layout_.indent(std::move(mark), std::string(width, ' '), TextStyle::plain);
}

// Without attributes a heading keeps the marks that make it one.
void MarkdownRenderer::open_heading(int level) {
  layout_.begin_block();
  if (layout_.form().marks == SpanMarks::styles) {
    layout_.set_style(heading_style(level));
  } else {
    layout_.span(std::string(static_cast<std::size_t>(level), '#') + " ", TextStyle::plain);
  }
}

void MarkdownRenderer::close_text() {
  text_.finish();
  layout_.end_block();
  layout_.set_style(TextStyle::plain);
}

// The text above it has been printed, perhaps long ago: a line under it makes it a heading.
void MarkdownRenderer::underline(char mark) {
  const std::size_t width = std::clamp<std::size_t>(layout_.last_width(), 3, layout_.room() + 2);
  layout_.line(repeat(mark == '=' ? "═" : "─", mark, std::min(width, layout_.room())));
}

void MarkdownRenderer::open_code(const MarkdownFence* fence) {
  layout_.begin_block();
  const std::string_view info = fence == nullptr ? std::string_view() : fence->info;
  const std::string language = one_line(info);
  const std::string corner = is_unicode() ? "┌─" : "+-";
  layout_.line(
      layout_.styled(language.empty() ? corner : corner + " " + language, TextStyle::faint));
  const std::string gutter = is_unicode() ? "│ " : "| ";
  layout_.indent(gutter, gutter, TextStyle::faint);
  code_column_ = 0;
}

// A line that is too long is left to the terminal: what is copied is then still one line.
void MarkdownRenderer::code(std::string_view text) {
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

void MarkdownRenderer::close_code() {
  layout_.end_block();
  layout_.unindent();
  layout_.line(layout_.styled(is_unicode() ? "└─" : "+-", TextStyle::faint));
}

void MarkdownRenderer::open_table(const std::vector<MarkdownAlignment>& columns) {
  layout_.begin_block();
  table_.emplace(layout_, columns);
}

void MarkdownRenderer::close_table() {
  table_->finish();
  table_.reset();
}

void MarkdownRenderer::rule() {
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

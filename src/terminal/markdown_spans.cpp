#include "terminal/markdown_spans.hpp"

#include <utility>

#include "terminal/visible_text.hpp"

namespace rellama::terminal {
namespace {

using Kind = markdown::Span::Kind;

struct Looks {
  TextStyle style;
  std::string_view mark;
};

Looks looks_of(Kind kind) {
  switch (kind) {
    case Kind::emphasis: return {TextStyle::emphasis, "*"};
    case Kind::strong: return {TextStyle::strong, "**"};
    case Kind::code: return {TextStyle::code, "`"};
    case Kind::strike: return {TextStyle::strike, "~~"};
    case Kind::link:
    case Kind::image: return {TextStyle::underline, ""};
  }
  return {TextStyle::plain, ""};
}

}  // namespace

// The source was made safe, but a character reference can still stand for a control character.
void MarkdownSpans::text(std::string_view text) {
  VisibleText visible;
  print(visible.filter(text));
  print(visible.finish());
}

void MarkdownSpans::open_span(const markdown::Span& span) {
  open_.push_back({style() | looks_of(span.kind).style, {}});
  print_mark(span.kind);
}

void MarkdownSpans::close_span(const markdown::Span& span) {
  print_mark(span.kind);
  const std::string text = std::move(open_.back().text);
  open_.pop_back();
  if (span.kind == Kind::link || span.kind == Kind::image) print_address(span, text);
  if (!open_.empty()) open_.back().text += text;
}

TextStyle MarkdownSpans::style() const {
  return open_.empty() ? TextStyle::plain : open_.back().style;
}

void MarkdownSpans::print(std::string_view text) {
  if (text.empty()) return;
  if (!open_.empty()) open_.back().text += text;
  sink_.span(text, style());
}

void MarkdownSpans::print_mark(Kind kind) {
  const std::string_view mark = looks_of(kind).mark;
  if (marks_ == SpanMarks::written && !mark.empty()) sink_.span(mark, style());
}

// `text` is that of the link. An address it shows already is not repeated.
void MarkdownSpans::print_address(const markdown::Span& span, std::string_view text) {
  const std::string address = visible(span.address);
  const std::string title = visible(span.title);
  const bool is_shown = address == text || address == "mailto:" + std::string(text);
  std::string shown = is_shown ? std::string() : address;
  if (!title.empty()) shown += (shown.empty() ? "\"" : " \"") + title + "\"";
  if (shown.empty()) return;
  sink_.span((text.empty() ? "(" : " (") + shown + ")", style() | TextStyle::faint);
}

}  // namespace rellama::terminal

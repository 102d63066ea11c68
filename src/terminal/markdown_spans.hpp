#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "markdown/tree.hpp"
#include "terminal/text_style.hpp"

namespace rellama::terminal {

/// How spans are told from plain text.
enum class SpanMarks {
  styles,   ///< by a style: the terminal shows attributes
  written,  ///< by the marks of Markdown: **strong**, `code`
};

/// Receives text that is safe to show, in pieces of one style.
class StyledSink {
 public:
  virtual ~StyledSink() = default;
  virtual void span(std::string_view text, TextStyle style) = 0;
  virtual void line_break() = 0;
};

/// Gives the spans of a Markdown tree their looks. A link is followed by its address, which is
/// always shown: its text may say anything.
class MarkdownSpans final : public markdown::SpanSink {
 public:
  /// `sink` must outlive this.
  MarkdownSpans(SpanMarks marks, StyledSink& sink) : marks_(marks), sink_(sink) {}

  void text(std::string_view text) override;
  void line_break() override { sink_.line_break(); }
  void open_span(const markdown::Span& span) override;
  void close_span(const markdown::Span& span) override;

 private:
  struct Open {
    TextStyle style;
    std::string text;  // inside it
  };

  [[nodiscard]] TextStyle style() const;
  void print(std::string_view text);
  void print_mark(markdown::Span::Kind kind);
  void print_address(const markdown::Span& span, std::string_view text);

  SpanMarks marks_;
  StyledSink& sink_;
  std::vector<Open> open_;
};

}  // namespace rellama::terminal

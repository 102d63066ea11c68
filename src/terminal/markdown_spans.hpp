#pragma once

#include <string_view>

#include "terminal/text_style.hpp"

namespace rellama::terminal {

/// How spans are told from plain text.
enum class SpanMarks {
  styles,   ///< by a style: the terminal shows attributes
  written,  ///< by the marks they are written with: **strong**, `code`
};

/// Takes the text of a block in pieces of one style.
class SpanSink {
 public:
  virtual ~SpanSink() = default;
  virtual void span(std::string_view text, TextStyle style) = 0;
  virtual void line_break() = 0;
};

/// Stands for a line break in what `print_spans` is given; visible_text lets none through.
inline constexpr char kLineBreakMark = '\x1f';

/// Parses `text`, which is not whole lines but a part of one without blanks at its ends, and hands
/// it on in spans: emphasis, code, links with their addresses and the like. No text is left out. It
/// has to be safe to show already; what it hides in character references is made so.
void print_spans(std::string_view text, SpanMarks marks, SpanSink& sink);

/// Loads what `print_spans` needs. Throws Error where it is not installed.
void prepare_spans();

}  // namespace rellama::terminal

#include "terminal/markdown_printer.hpp"

#include <utility>

#include "terminal/text_printer.hpp"

namespace rellama::terminal {

MarkdownForm markdown_form(ColorMode color, const OutputStream& out,
                           const system::Environment& environment) {
  return {.marks = use_color(color, out, environment) ? SpanMarks::styles : SpanMarks::written,
          .glyphs = has_utf8(environment) ? Glyphs::unicode : Glyphs::ascii};
}

MarkdownPrinter::MarkdownPrinter(OutputStream& out, MarkdownForm form,
                                 MarkdownLayout::Columns columns)
    : out_(out), renderer_(form, std::move(columns)) {}

void MarkdownPrinter::output(std::string_view text) {
  if (ended_) return;
  buffer_ += renderer_.feed(text);
}

void MarkdownPrinter::flush() {
  if (!ended_) write_buffer();
}

void MarkdownPrinter::done(const Prediction& prediction) {
  if (ended_) return;
  finish();
  const bool is_text = prediction.output.json().empty();
  if (!is_text || !has_text_) TextPrinter(out_, VisibleMode::on_terminal).done(prediction);
}

void MarkdownPrinter::fail(const Error& /*error*/) {
  if (!ended_) finish();
}

void MarkdownPrinter::finish() {
  buffer_ += renderer_.finish();
  write_buffer();
  ended_ = true;
}

void MarkdownPrinter::write_buffer() {
  if (buffer_.empty()) return;
  try {
    out_.write(buffer_);
  } catch (...) {
    ended_ = true;
    throw;
  }
  buffer_.clear();
  has_text_ = true;
}

}  // namespace rellama::terminal

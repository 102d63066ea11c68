#include "terminal/text_printer.hpp"

#include <algorithm>

namespace rellama::terminal {

TextPrinter::TextPrinter(OutputStream& out, VisibleMode mode)
    : out_(out), filtering_(mode == VisibleMode::on_terminal && out.is_terminal()) {}

void TextPrinter::output(std::string_view text) {
  if (ended_) return;
  take(filtering_ ? visible_.filter(text) : text);
}

void TextPrinter::flush() {
  if (!ended_) write_buffer();
}

void TextPrinter::done(const Prediction& prediction) {
  if (ended_) return;
  // A line end in JSON stands between tokens, where a space is as good: in a string it is escaped.
  std::string json = prediction.output.json();
  std::replace_if(
      json.begin(), json.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
  output(json);
  end_text();
  if (!printed_ && buffer_.empty() && prediction.status == Status::succeeded) buffer_ += '\n';
  write_buffer();
  ended_ = true;
}

void TextPrinter::fail(const Error& /*error*/) {
  if (ended_) return;
  end_text();
  write_buffer();
  ended_ = true;
}

void TextPrinter::take(std::string_view text) {
  const std::size_t last = text.find_last_not_of('\n');
  if (last == std::string_view::npos) {
    held_line_ends_ += text.size();
    return;
  }
  if (held_line_ends_ > 0) buffer_.append(held_line_ends_, '\n');
  buffer_ += text.substr(0, last + 1);
  held_line_ends_ = text.size() - (last + 1);
}

void TextPrinter::end_text() {
  if (filtering_) take(visible_.finish());
  if (printed_ || !buffer_.empty() || held_line_ends_ > 0) buffer_ += '\n';
  held_line_ends_ = 0;
}

void TextPrinter::write_buffer() {
  if (buffer_.empty()) return;
  try {
    out_.write(buffer_);
  } catch (...) {
    ended_ = true;
    throw;
  }
  buffer_.clear();
  printed_ = true;
}

}  // namespace rellama::terminal

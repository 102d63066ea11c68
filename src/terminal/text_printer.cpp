#include "terminal/text_printer.hpp"

#include <algorithm>

#include "terminal/output_lines.hpp"

namespace rellama::terminal {
namespace {

// Empty text is an answer, printed as an empty line. Without files or values there is none.
bool is_text(const Prediction& prediction) {
  const bool may_be =
      prediction.output_kind == OutputKind::text || prediction.output_kind == OutputKind::unknown;
  return may_be && prediction.output.json().empty();
}

}  // namespace

std::string_view without_leading_blanks(std::string_view answer) {
  answer.remove_prefix(std::min(answer.find_first_not_of(" \t\r\n"), answer.size()));
  return answer;
}

TextPrinter::TextPrinter(OutputStream& out, VisibleMode mode, LeadingBlanks blanks)
    : out_(out),
      filtering_(mode == VisibleMode::on_terminal && out.is_terminal()),
      keeps_start_(mode == VisibleMode::raw || blanks == LeadingBlanks::kept),
      is_exact_(mode == VisibleMode::raw && !out.is_terminal()) {}

void TextPrinter::output(std::string_view text) {
  if (ended_) return;
  take(filtering_ ? visible_.filter(text) : text);
}

void TextPrinter::flush() {
  if (!ended_) write_buffer();
}

void TextPrinter::done(const Prediction& prediction) {
  if (ended_) return;
  if (!prediction.output.json().empty()) {
    is_exact_ = false;  // these lines are ours
    output(render_output_lines(prediction.output));
  }
  end_text();
  const bool is_empty = !printed_ && buffer_.empty() && !is_exact_;
  if (is_empty && prediction.status == Status::succeeded && is_text(prediction)) buffer_ += '\n';
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
  if (!keeps_start_) {
    text = without_leading_blanks(text);
    keeps_start_ = !text.empty();
  }
  if (is_exact_) {
    buffer_ += text;
    return;
  }
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
  if (is_exact_) return;
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

#include "terminal/text_printer.hpp"

#include <nlohmann/json.hpp>

namespace rellama::terminal {
namespace {

using Json = nlohmann::ordered_json;

std::string render_line(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// A line each: `while read url` and `jq` take them as they are.
std::string render_lines(const Output& output) {
  std::string lines;
  const auto add = [&lines](const std::string& line) {
    lines.append(lines.empty() ? "" : "\n").append(line);
  };
  if (!output.files().empty()) {
    for (const std::string& url : output.files()) add(url);
    return lines;
  }
  const Json value = Json::parse(output.json(), nullptr, /*allow_exceptions=*/false);
  if (value.is_discarded()) return {};
  if (!value.is_array()) return render_line(value);
  for (const Json& element : value) add(render_line(element));
  return lines;
}

// Text that is empty is an answer, and so an empty line; of files or values there are none.
bool is_text(const Prediction& prediction) {
  const bool may_be =
      prediction.output_kind == OutputKind::text || prediction.output_kind == OutputKind::unknown;
  return may_be && prediction.output.json().empty();
}

}  // namespace

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
  if (!prediction.output.json().empty()) output(render_lines(prediction.output));
  end_text();
  const bool is_empty = !printed_ && buffer_.empty();
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

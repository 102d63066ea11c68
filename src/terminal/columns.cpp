#include "terminal/columns.hpp"

#include "terminal/output_lines.hpp"
#include "terminal/progress.hpp"
#include "terminal/text_printer.hpp"

namespace rellama::terminal {
namespace {

using std::chrono::milliseconds;

// If the window becomes narrower than this, nothing is shown until it is wider, or all is done.
constexpr std::size_t kNarrowest = 10;

constexpr const char* kEraseBelow = "\r\x1b[J";

// The text without leading blanks and trailing line ends, followed by the error.
std::string shown_text(std::string_view answer, const std::string& error) {
  std::string text(without_leading_blanks(answer));
  text.erase(text.find_last_not_of('\n') + 1);
  if (error.empty()) return text;
  return text + (text.empty() ? "" : "\n\n") + "error: " + one_line(error);
}

std::string join(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

// For a screen that has no room for columns.
std::string one_below_the_other(const std::vector<ColumnText>& columns) {
  std::string text;
  for (const ColumnText& column : columns) {
    text += (text.empty() ? "== " : "\n== ") + column.heading + " ==\n" + column.text + "\n";
  }
  return text;
}

}  // namespace

Columns::Columns(OutputStream& out, const std::vector<std::string>& headings, ColumnStyle style)
    : out_(out), style_(style) {
  for (const std::string& heading : headings) columns_.push_back({.heading = one_line(heading)});
}

void Columns::status_changed(std::size_t run, Status status) {
  Column& column = columns_[run];
  if (status == column.status) return;
  column.status = status;
  column.status_since = Clock::now();
}

void Columns::output(std::size_t run, std::string_view text) {
  Column& column = columns_[run];
  column.text += column.visible.filter(text);
  ++column.tokens;
}

void Columns::done(std::size_t run, const Prediction& prediction) {
  Column& column = columns_[run];
  column.text += column.visible.filter(render_output_lines(prediction.output));
  end_text(column);
}

void Columns::fail(std::size_t run, const Error& error) {
  columns_[run].error = error.what();
  end_text(columns_[run]);
}

void Columns::end_text(Column& column) {
  column.text += column.visible.finish();
  column.over = true;
}

void Columns::flush() {
  const auto width = find_column_width(columns_.size(), out_.columns(), kNarrowest);
  // One line of the screen stays free, so that the first line never scrolls away.
  const auto height = static_cast<std::size_t>(out_.lines()) - 1;
  draw(width ? lay_out_ends(texts(), *width, height, style_) : std::vector<std::string>{});
}

void Columns::draw(const std::vector<std::string>& lines) {
  std::string picture;
  for (const std::string& line : lines) {
    picture += (picture.empty() ? "\r" : "\n") + line + "\x1b[K";
  }
  if (lines.empty() && !drawn_.empty()) picture = "\r";
  if (picture == drawn_ || picture.empty()) return;
  drawn_ = picture;
  picture += "\x1b[J";
  if (lines.size() > 1) picture += "\x1b[" + std::to_string(lines.size() - 1) + "A";
  out_.write(picture + "\r");
}

void Columns::make_room() {
  if (drawn_.empty()) return;
  out_.write(kEraseBelow);
  drawn_.clear();
}

void Columns::finish() {
  const auto width = find_column_width(columns_.size(), out_.columns(), kNarrowest);
  const std::string all =
      width ? join(lay_out(texts(), *width, style_)) : one_below_the_other(texts());
  out_.write((drawn_.empty() ? "" : kEraseBelow) + all);
  drawn_.clear();
}

std::string Columns::state_of(const Column& column) const {
  if (!column.error.empty()) return "failed";
  if (column.over) return "done";
  if (column.status == Status::unknown) return "waiting";
  const auto now = Clock::now();
  const ProgressState state{
      .status = column.status,
      .in_status = std::chrono::duration_cast<milliseconds>(now - column.status_since),
      .tokens = column.tokens};
  return render_progress(state, static_cast<std::size_t>((now - started_) / kFrameTime),
                         style_.glyphs);
}

std::vector<ColumnText> Columns::texts() const {
  std::vector<ColumnText> texts;
  for (const Column& column : columns_) {
    texts.push_back({.heading = column.heading,
                     .text = shown_text(column.text, column.error),
                     .state = state_of(column)});
  }
  return texts;
}

}  // namespace rellama::terminal

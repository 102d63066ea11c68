#include "terminal/line_display.hpp"

#include <algorithm>
#include <exception>
#include <utility>

#include "terminal/display_width.hpp"
#include "terminal/visible_text.hpp"

namespace rellama::terminal {
namespace {

std::string move_rows(std::size_t from, std::size_t to) {
  if (from == to) return {};
  return from > to ? "\x1b[" + std::to_string(from - to) + "A"
                   : "\x1b[" + std::to_string(to - from) + "B";
}

std::string shown_text(std::string_view text) {
  std::string shown = visible(text);
  std::replace(shown.begin(), shown.end(), '\t', ' ');
  return shown;
}

// Of the columns, the last one stays free.
std::size_t usable_width(int columns) {
  return static_cast<std::size_t>(std::max(columns - 1, 2));
}

}  // namespace

void LineDisplay::begin(std::string prompt) {
  prompt_ = std::move(prompt);
  forget();
}

void LineDisplay::forget() {
  shown_ = {};
  columns_ = 0;
}

void LineDisplay::write(std::string_view bytes) const noexcept {
  try {
    if (!bytes.empty()) out_.write(bytes);
  } catch (const std::exception&) {  // reading the next key notices why
  }
}

// A line end in the text starts a row: libedit shows what is searched for below the line.
void LineDisplay::add(std::string_view text, std::size_t width, std::vector<Row>& rows) {
  while (!text.empty()) {
    if (text.front() == '\n') {
      rows.emplace_back();
      text.remove_prefix(1);
      continue;
    }
    const Cluster cluster = first_cluster(text);
    if (rows.back().width + cluster.width > width) rows.emplace_back();
    Row& row = rows.back();
    row.text += cluster.bytes;
    row.width += cluster.width;
    row.is_simple = row.is_simple && (cluster.bytes.size() == 1 || cluster.width == 1);
    text.remove_prefix(cluster.bytes.size());
  }
}

LineDisplay::Layout LineDisplay::lay_out(std::string_view before, std::string_view after,
                                         int columns) const {
  const std::size_t width = usable_width(columns);
  const std::string begin = prompt_ + shown_text(before);
  Layout layout;
  add(begin, width, layout.rows);
  layout.row = layout.rows.size() - 1;
  layout.column = layout.rows.back().width;
  layout.before_cursor = layout.rows.back().text;
  if (!after.empty()) {
    // Not appended to the rows: the two parts may meet within a character.
    layout.rows.assign(1, {});
    add(begin + shown_text(after), width, layout.rows);
    layout.row = std::min(layout.row, layout.rows.size() - 1);
  }
  // Only the part around the cursor fits a small window.
  const auto most = static_cast<std::size_t>(std::max(out_.lines() - 1, 1));
  if (layout.rows.size() > most) {
    const std::size_t first =
        std::min(layout.row + 1 > most ? layout.row + 1 - most : 0, layout.rows.size() - most);
    const auto from = layout.rows.begin() + static_cast<std::ptrdiff_t>(first);
    layout.rows = std::vector<Row>(from, from + static_cast<std::ptrdiff_t>(most));
    layout.row -= first;
  }
  return layout;
}

std::string LineDisplay::render_change(const Layout& now) const {
  const Layout& old = shown_;
  const std::size_t last = std::min(old.rows.size(), now.rows.size()) - 1;
  const auto same = [&](std::size_t row) { return old.rows[row].text == now.rows[row].text; };
  std::size_t first = 0;  // the first row that differs
  while (first <= last && same(first)) ++first;

  const bool is_longer = first == last && old.rows.size() == now.rows.size() &&
                         now.rows[last].text.starts_with(old.rows[last].text);
  if (is_longer && old.ends_with_cursor() && now.ends_with_cursor()) {
    return now.rows[last].text.substr(old.rows[last].text.size());
  }

  std::string bytes;
  std::size_t row = old.row;  // where the cursor is
  bool is_at_end = false;     // of its row
  if (first <= last || old.rows.size() != now.rows.size()) {
    first = std::min(first, last);
    bytes += move_rows(row, first) + "\r";
    for (row = first;; ++row) {
      bytes += now.rows[row].text + "\x1b[K";
      if (row + 1 == now.rows.size()) break;
      bytes += "\n";
    }
    if (old.rows.size() > now.rows.size()) bytes += "\x1b[J";
    is_at_end = true;
  }
  const bool is_there =
      is_at_end ? now.ends_with_cursor() : old.row == now.row && old.column == now.column;
  if (is_there) return bytes;
  bytes += move_rows(row, now.row) + "\r";
  const Row& target = now.rows[now.row];
  if (target.is_simple) {
    if (now.column > 0) bytes += "\x1b[" + std::to_string(now.column) + "C";
  } else {
    bytes += now.before_cursor;
  }
  return bytes;
}

// Without escape codes: the row with the cursor, padded to hide what was there.
std::string LineDisplay::render_plain(const Layout& now) const {
  const Row& old = shown_.rows[shown_.row];
  const Row& row = now.rows[now.row];
  if (row.text == old.text && shown_.column == now.column) return {};
  if (row.text.starts_with(old.text) && shown_.ends_with_cursor() && now.ends_with_cursor()) {
    return row.text.substr(old.text.size());
  }
  std::string bytes = "\r" + row.text;
  if (old.width > row.width) bytes.append(old.width - row.width, ' ');
  if (old.width > row.width || now.column != row.width) {
    bytes += "\r" + now.before_cursor;
  }
  return bytes;
}

void LineDisplay::show(std::string_view before_cursor, std::string_view after_cursor) {
  // Read once: if the window changes meanwhile, the next `show` must notice.
  const int columns = out_.columns();
  adapt_to(columns);
  Layout now = lay_out(before_cursor, after_cursor, columns);
  write(terminal_ == Terminal::obeys ? render_change(now) : render_plain(now));
  shown_ = std::move(now);
  columns_ = columns;
}

void LineDisplay::adapt_to(int columns) {
  if (columns_ == 0 || columns == columns_) return;
  if (terminal_ == Terminal::obeys) {
    // Most terminals break rows that no longer fit.
    const auto width = static_cast<std::size_t>(columns);
    std::size_t above = shown_.column / width;
    for (std::size_t row = 0; row < shown_.row; ++row) {
      above += std::max<std::size_t>((shown_.rows[row].width + width - 1) / width, 1);
    }
    write(move_rows(above, 0) + "\r\x1b[J");
  }
  forget();
}

void LineDisplay::leave() {
  const std::size_t last = shown_.rows.size() - 1;
  write((terminal_ == Terminal::obeys ? move_rows(shown_.row, last) : std::string()) + "\n");
  forget();
}

void LineDisplay::clear_screen() {
  write(terminal_ == Terminal::obeys ? "\x1b[H\x1b[2J" : "\n");
  forget();
}

}  // namespace rellama::terminal

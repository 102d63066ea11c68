#include "terminal/entry.hpp"

#include <algorithm>
#include <vector>

#include "terminal/display_width.hpp"
#include "terminal/visible_text.hpp"
#include "terminal/word_wrap.hpp"

namespace rellama::terminal {
namespace {

constexpr std::size_t kNarrowWindow = 64;
constexpr std::size_t kNarrowColumn = 6;
constexpr std::size_t kLeastRoom = 20;

bool fits(const std::string& line, std::size_t column, std::size_t width) {
  return width == 0 || column + display_width(line) <= width;
}

// A line that begins at `column`, or further left if it is too long, so that the window breaks it
// only if it must.
std::string indented(const std::string& line, std::size_t column, std::size_t width) {
  const std::size_t blanks =
      fits(line, column, width) ? column : width - std::min(display_width(line), width);
  return std::string(blanks, ' ') + line;
}

}  // namespace

std::string render_entry(std::string_view name, std::string_view text, std::size_t column,
                         std::size_t width) {
  constexpr std::size_t kUnlimited = std::string::npos;
  std::string entry;
  for (const std::string& line :
       wrap_words(name, width == 0 ? kUnlimited : width, LongWords::kept)) {
    entry += entry.empty() ? line : "\n" + indented(line, kNarrowColumn - 2, width);
  }
  const bool is_one_line = entry.find('\n') == std::string::npos;
  const std::size_t used = display_width(name) + 2;
  const std::size_t room =
      width == 0 ? kUnlimited : std::max(width - std::min(width, column), kLeastRoom);
  bool is_beside = is_one_line && (width == 0 || used <= column);
  for (const std::string& line : wrap_words(text, room, LongWords::kept)) {
    if (is_beside && fits(line, std::max(used, column), width)) {
      entry.append(std::max(used, column) - display_width(name), ' ').append(line);
    } else {
      entry += "\n" + indented(line, column, width);
    }
    is_beside = false;
  }
  while (entry.ends_with(' ')) entry.pop_back();
  return entry + "\n";
}

std::size_t entry_column(std::size_t usual, std::size_t width) {
  return width > 0 && width < kNarrowWindow ? std::min(usual, kNarrowColumn) : usual;
}

void FactList::add(std::string_view name, std::string_view value) {
  if (!value.empty()) add_lines(name, one_line(value));
}

void FactList::add_lines(std::string_view name, std::string_view value) {
  if (value.empty()) return;
  std::string safe;
  for (std::size_t begin = 0; begin < value.size();) {
    const std::size_t end = std::min(value.find('\n', begin), value.size());
    safe += (safe.empty() ? "" : "\n") + one_line(value.substr(begin, end - begin));
    begin = end + 1;
  }
  text_ += render_entry(one_line(name), safe, column_, width_);
}

}  // namespace rellama::terminal

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace rellama::terminal {

/// An entry of a list: what it is called, with its indent, and its text from `column` on, beside
/// the name if that fits, or else below it. Lines wider than `width` are wrapped at words; IDs and
/// URLs are kept whole. 0: any width fits, and the text is always beside the name. Name and text
/// must be safe to show (visible_text.hpp).
[[nodiscard]] std::string render_entry(std::string_view name, std::string_view text,
                                       std::size_t column, std::size_t width);

/// The column for the texts of a list: `usual`, or, in a narrow window, one that leaves room for
/// them below the names.
[[nodiscard]] std::size_t entry_column(std::size_t usual, std::size_t width);

/// Facts, one below the other: the name of each, and its value beside it.
class FactList {
 public:
  /// Values begin at `column`. `width`: that of the window; 0: any width fits.
  FactList(std::size_t column, std::size_t width) : column_(column), width_(width) {}

  /// Adds a value of any origin, in one line. Does nothing if it is empty.
  void add(std::string_view name, std::string_view value);
  /// Adds a value that may have several lines, such as a log.
  void add_lines(std::string_view name, std::string_view value);
  [[nodiscard]] const std::string& text() const noexcept { return text_; }

 private:
  std::size_t column_;
  std::size_t width_;
  std::string text_;
};

}  // namespace rellama::terminal

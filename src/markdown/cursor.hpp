#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace rellama::markdown {

/// Whether `c` separates words within a line.
[[nodiscard]] constexpr bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r';
}

/// `text` without the blanks around it.
[[nodiscard]] constexpr std::string_view trim_blanks(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

/// How many of the first characters of `text` are `c`.
[[nodiscard]] constexpr std::size_t run_length(std::string_view text, char c) {
  return std::min(text.find_first_not_of(c), text.size());
}

/// A position in a line. Tabs extend to the next column that is a multiple of four.
class Cursor {
 public:
  explicit Cursor(std::string_view line) : line_(line) {}

  [[nodiscard]] bool at_end() const { return at_ == line_.size(); }
  [[nodiscard]] char peek() const { return line_[at_]; }
  [[nodiscard]] std::size_t offset() const { return at_; }
  [[nodiscard]] std::string_view rest() const { return line_.substr(at_); }
  /// How many columns remain of a tab that was only partly skipped.
  [[nodiscard]] std::size_t left_of_tab() const { return left_of_tab_; }

  void skip(std::size_t characters) {
    at_ += characters;
    column_ += characters;
    left_of_tab_ = 0;
  }

  void skip_blanks() { skip_columns(line_.size() * 4); }

  /// Skips up to that many columns of blanks.
  void skip_columns(std::size_t columns) {
    while (columns > 0) {
      if (left_of_tab_ == 0) {
        if (at_end() || !is_blank(peek())) return;
        left_of_tab_ = peek() == '\t' ? 4 - column_ % 4 : 1;
        ++at_;
      }
      const std::size_t step = std::min(columns, left_of_tab_);
      left_of_tab_ -= step;
      column_ += step;
      columns -= step;
    }
  }

  /// How many columns of blanks come next.
  [[nodiscard]] std::size_t indent() const {
    Cursor after = *this;
    after.skip_blanks();
    return after.column_ - column_;
  }

  [[nodiscard]] Cursor after_blanks() const {
    Cursor after = *this;
    after.skip_blanks();
    return after;
  }

 private:
  std::string_view line_;
  std::size_t at_ = 0;
  std::size_t column_ = 0;
  std::size_t left_of_tab_ = 0;
};

}  // namespace rellama::markdown

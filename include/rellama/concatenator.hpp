#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace rellama {

/// Joins the pieces of an output, which arrive one at a time from a stream or cumulatively from
/// polls. Each call returns the text that is new, so that all of it is returned in order and once.
/// A UTF-8 character split between pieces is held back until it is complete. Bytes are never
/// altered. A returned view is valid until the next call.
class Concatenator {
 public:
  /// Adds the next piece. Returns the text that can be shown now.
  std::string_view append(std::string_view piece);

  /// Adds whatever part of `whole`, the entire output so far, is new, and returns it. Does nothing
  /// if `whole` does not begin with `text()` (see `agrees_with`).
  std::string_view append_cumulative(std::string_view whole);

  /// Returns the bytes held back as the start of a character that was never completed.
  std::string_view finish();

  /// Whether `whole` begins with `text()`.
  [[nodiscard]] bool agrees_with(std::string_view whole) const noexcept;

  /// All text added so far.
  [[nodiscard]] const std::string& text() const noexcept { return text_; }

 private:
  std::string text_;
  std::size_t shown_ = 0;  // how much of text_ has been returned
};

}  // namespace rellama

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace rellama {

/// Joins the pieces of an answer. Whatever way they come, in pieces from a stream or as everything
/// so far from a poll, it gives back exactly the text that is new, in order, once, and the whole at
/// the end. A UTF-8 character that is cut between pieces is held back until it is complete; bytes
/// are never altered. Each view is valid until the next call.
class Concatenator {
 public:
  /// Takes the next piece; gives the text that may be shown now.
  std::string_view append(std::string_view piece);

  /// Takes all the output so far; gives what is new in it. Where `whole` does not begin with what
  /// was taken before (see `agrees_with`) nothing is taken.
  std::string_view append_cumulative(std::string_view whole);

  /// Gives what was held back as the start of a character that never came.
  std::string_view finish();

  /// Whether `whole` begins with everything taken so far.
  [[nodiscard]] bool agrees_with(std::string_view whole) const noexcept;

  /// Everything taken so far.
  [[nodiscard]] const std::string& text() const noexcept { return text_; }

 private:
  std::string text_;
  std::size_t shown_ = 0;  // how much of text_ has been given back
};

}  // namespace rellama

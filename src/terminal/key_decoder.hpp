#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace rellama::terminal {

/// Turns the bytes of a terminal into the characters that a line editor takes. What is pasted comes
/// between marks (bracketed paste, ESC [200~ and ESC [201~): it is text and nothing else. Line ends
/// and tabs in it become the signs U+2424 and U+2409, so that a pasted text stays one line of the
/// editor; its other control characters are dropped, so that it cannot press keys.
class KeyDecoder {
 public:
  void feed(std::string_view bytes) { bytes_ += bytes; }

  /// The next character, if there is a whole one. A byte that is not UTF-8 gives U+FFFD.
  [[nodiscard]] std::optional<char32_t> next();

  /// Whether what is held may be the beginning of a mark: the rest of it comes at once or never.
  [[nodiscard]] bool waits_for_mark() const;
  /// The rest of that mark did not come: it was the escape key.
  void give_up_mark() { mark_given_up_ = true; }

 private:
  [[nodiscard]] bool take_mark(std::string_view mark);
  [[nodiscard]] char32_t take_character(std::size_t size);

  std::string bytes_;
  bool pasting_ = false;
  bool mark_given_up_ = false;
};

/// Stands for a line end on the line that is edited.
inline constexpr char32_t kLineEndSign = U'\u2424';
/// Stands for a tab there.
inline constexpr char32_t kTabSign = U'\u2409';

/// `line` as it was meant: with line ends and tabs in place of their signs.
[[nodiscard]] std::string without_signs(std::string_view line);
/// `text` as it can be edited on one line.
[[nodiscard]] std::string with_signs(std::string_view text);

}  // namespace rellama::terminal

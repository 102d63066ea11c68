#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace rellama::terminal {

/// Turns the bytes of a terminal into characters for a line editor. Pasted text arrives between
/// marks (bracketed paste, ESC [200~ and ESC [201~). Its line ends and tabs become the signs U+2424
/// and U+2409, so that it stays one line of the editor. Its other control characters are dropped,
/// so that it cannot press keys.
class KeyDecoder {
 public:
  void feed(std::string_view bytes);

  /// The next character, if it is complete. An invalid byte is U+FFFD.
  [[nodiscard]] std::optional<char32_t> next();

  /// Whether the held bytes may start a mark. Its rest arrives at once or never.
  [[nodiscard]] bool waits_for_mark() const;
  /// The rest of that mark did not arrive: it was the escape key.
  void give_up_mark() { mark_given_up_ = true; }

 private:
  [[nodiscard]] std::string_view rest() const { return std::string_view(bytes_).substr(at_); }
  [[nodiscard]] bool take_mark(std::string_view mark);
  [[nodiscard]] char32_t take_character(std::size_t size);

  std::string bytes_;
  std::size_t at_ = 0;  // where what is not decoded yet begins
  bool pasting_ = false;
  bool after_return_ = false;  // a carriage return was pasted: a line feed belongs to it
  bool mark_given_up_ = false;
};

/// Stands for a line end on the edited line.
inline constexpr char32_t kLineEndSign = U'\u2424';
/// Stands for a tab on the edited line.
inline constexpr char32_t kTabSign = U'\u2409';

/// Replaces the signs in an edited line by line ends and tabs.
[[nodiscard]] std::string without_signs(std::string_view line);
/// Replaces line ends and tabs by their signs, to edit `text` on one line.
[[nodiscard]] std::string with_signs(std::string_view text);

}  // namespace rellama::terminal

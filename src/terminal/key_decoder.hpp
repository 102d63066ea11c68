#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace rellama::terminal {

/// Turns the bytes of a terminal into characters for a line editor. Pasted text arrives between
/// marks (bracketed paste, ESC [200~ and ESC [201~), and bytes that may begin a mark are held until
/// the next ones decide. Line ends and tabs in it become the signs U+2424 and U+2409, so that it
/// stays one line of the editor. Its other control characters are dropped, so that it cannot press
/// keys.
class KeyDecoder {
 public:
  void feed(std::string_view bytes);

  /// The next character, if it is complete. An invalid byte is U+FFFD.
  [[nodiscard]] std::optional<char32_t> next();

  /// Whether all that is held is one character that begins a mark but may also be a key.
  [[nodiscard]] bool may_be_key() const;
  /// No more bytes came in time: it is the escape key. Should the rest of a mark follow after all,
  /// the paste is still recognized.
  void take_as_key() { is_key_ = true; }

 private:
  [[nodiscard]] std::string_view rest() const { return std::string_view(bytes_).substr(at_); }
  [[nodiscard]] std::string_view mark() const;
  [[nodiscard]] bool waits_for_mark() const;
  [[nodiscard]] bool take_mark();
  [[nodiscard]] char32_t take_character(std::size_t size);

  std::string bytes_;
  std::size_t at_ = 0;  // where what is not decoded yet begins
  bool pasting_ = false;
  bool after_return_ = false;  // a carriage return was pasted: a line feed belongs to it
  bool is_key_ = false;
  bool after_escape_key_ = false;
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

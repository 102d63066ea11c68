#pragma once

#include <string>
#include <string_view>

namespace rellama::terminal {

/// Makes text from a model or a server safe to show on a terminal. Characters that would control
/// the terminal, hide text or reorder it become visible marks. Line feeds and tabs pass, and CR LF
/// becomes LF. Other control characters become their Unicode control picture (ESC: ␛); C1 controls,
/// bidirectional controls, line separators, invisible characters and the like become `<U+202E>`;
/// bytes that are not UTF-8 become `<9B>`. Joiners and variation selectors pass where emoji or a
/// script need them. The result does not depend on how the text is cut.
class VisibleText {
 public:
  /// Takes the next piece and returns what can be shown now. The view is into `piece` or into this
  /// object, valid until the next call and as long as `piece`.
  [[nodiscard]] std::string_view filter(std::string_view piece);

  /// Returns what was held back: a carriage return or the start of an incomplete character.
  [[nodiscard]] std::string_view finish();

 private:
  std::string shown_;
  std::string held_;     // depends on what follows; at most 3 bytes
  char32_t before_ = 0;  // the last character, if it is shown as it is
};

/// The same for a complete text.
[[nodiscard]] std::string visible(std::string_view text);

/// The same on one line, for a message or a log: line ends with the blanks around them become one
/// space.
[[nodiscard]] std::string one_line(std::string_view text);

}  // namespace rellama::terminal

#pragma once

#include <string>
#include <string_view>

namespace rellama::terminal {

/// Makes text from a model or a server safe to show on a terminal: whatever would command the
/// terminal, hide text or change its order is shown as a visible mark instead. Line feeds and tabs
/// pass, CR LF becomes LF; other control characters become their Unicode control picture (ESC: ␛),
/// C1 controls, bidirectional controls, line separators, tag characters and the like `<U+202E>`,
/// and bytes that are not UTF-8 `<9B>`. The result does not depend on how the text is cut.
class VisibleText {
 public:
  /// Takes the next piece; gives what can be shown now. The view is into `piece` or into this
  /// object: it is valid until the next call, and as long as `piece`.
  [[nodiscard]] std::string_view filter(std::string_view piece);

  /// Gives what was held back: a carriage return or the start of a character that never came.
  [[nodiscard]] std::string_view finish();

 private:
  std::string shown_;
  std::string held_;  // what cannot be judged before more has come: at most 3 bytes
};

/// The same for a whole text.
[[nodiscard]] std::string visible(std::string_view text);

/// `text` as one line for a message or a log: the same marks, and every line end with the blanks
/// around it turned into one space.
[[nodiscard]] std::string one_line(std::string_view text);

}  // namespace rellama::terminal

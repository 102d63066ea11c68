#include "terminal/streams.hpp"

#include <string>

#include "terminal/json_line.hpp"
#include "terminal/style.hpp"
#include "terminal/visible_text.hpp"

namespace rellama::terminal {

void OutputStream::print(std::string_view text, TextForm form) {
  if (!is_terminal()) return write(text);
  if (form == TextForm::json) return write(escape_for_terminal(text));
  std::string shown;
  if (text.starts_with(kColoredPrefix)) {  // ours: an error message begins with it
    shown = kColoredPrefix;
    text.remove_prefix(kColoredPrefix.size());
  }
  write(shown + visible(text));
}

}  // namespace rellama::terminal

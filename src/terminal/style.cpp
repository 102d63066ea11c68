#include "terminal/style.hpp"

#include <algorithm>
#include <cctype>

#include "terminal/visible_text.hpp"

namespace rellama::terminal {

using system::Environment;
using system::find_variable;

bool use_color(ColorMode mode, const OutputStream& out, const Environment& environment) {
  if (mode != ColorMode::automatic) return mode == ColorMode::always;
  if (find_variable(environment, "NO_COLOR")) return false;
  if (find_variable(environment, "CLICOLOR_FORCE").value_or("0") != "0") return true;
  return can_redraw(out, environment);
}

bool can_redraw(const OutputStream& out, const Environment& environment) {
  return out.is_terminal() && environment("TERM") != "dumb";
}

bool has_utf8(const Environment& environment) {
  // The first one that is set decides, as in setlocale.
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    auto locale = find_variable(environment, name);
    if (!locale) continue;
    std::transform(locale->begin(), locale->end(), locale->begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return locale->find("utf-8") != std::string::npos || locale->find("utf8") != std::string::npos;
  }
  return false;
}

std::string render_error_line(std::string_view message, bool color) {
  std::string line = color ? std::string(kColoredPrefix) : "rellama: ";
  line += one_line(message);
  line += '\n';
  return line;
}

}  // namespace rellama::terminal

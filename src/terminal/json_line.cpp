#include "terminal/json_line.hpp"

#include <nlohmann/json.hpp>

#include "terminal/visible_text.hpp"

namespace rellama::terminal {

// JSON already escapes ASCII control characters. If a terminal would obey anything else, all that
// is not ASCII is escaped; ordinary text stays readable.
std::string render_json_line(const nlohmann::ordered_json& object, const OutputStream& out) {
  constexpr auto kReplace = nlohmann::ordered_json::error_handler_t::replace;
  std::string line = object.dump(-1, ' ', false, kReplace);
  if (out.is_terminal() && VisibleText().filter(line) != line) {
    line = object.dump(-1, ' ', true, kReplace);
  }
  line += '\n';
  return line;
}

}  // namespace rellama::terminal

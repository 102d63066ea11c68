#include "terminal/json_line.hpp"

#include <nlohmann/json.hpp>

#include "terminal/visible_text.hpp"

namespace rellama::terminal {

// JSON keeps ASCII controls escaped; what else a terminal would obey is escaped only where it
// occurs, so that ordinary text stays readable.
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

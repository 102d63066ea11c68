#include "terminal/json_line.hpp"

#include <nlohmann/json.hpp>

#include "terminal/visible_text.hpp"
#include "wire/json_document.hpp"

namespace rellama::terminal {

// JSON already escapes ASCII control characters. If a terminal would obey anything else, all that
// is not ASCII is escaped; ordinary text stays readable.
std::string render_json_line(const nlohmann::ordered_json& object, const OutputStream& out) {
  std::string line = wire::render_json(object);
  if (out.is_terminal() && VisibleText().filter(line) != line) {
    line = wire::render_json(object, wire::JsonCharset::ascii);
  }
  line += '\n';
  return line;
}

}  // namespace rellama::terminal

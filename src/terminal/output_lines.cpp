#include "terminal/output_lines.hpp"

#include <nlohmann/json.hpp>

namespace rellama::terminal {
namespace {

using Json = nlohmann::ordered_json;

std::string render_line(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

// One per line, for `while read url` and `jq`.
std::string render_output_lines(const Output& output) {
  std::string lines;
  const auto add = [&lines](const std::string& line) {
    lines.append(lines.empty() ? "" : "\n").append(line);
  };
  if (!output.files().empty()) {
    for (const std::string& url : output.files()) add(url);
    return lines;
  }
  const Json value = Json::parse(output.json(), nullptr, /*allow_exceptions=*/false);
  if (value.is_discarded()) return {};
  if (!value.is_array()) return render_line(value);
  for (const Json& element : value) add(render_line(element));
  return lines;
}

}  // namespace rellama::terminal

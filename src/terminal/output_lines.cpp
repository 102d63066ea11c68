#include "terminal/output_lines.hpp"

#include <nlohmann/json.hpp>

#include "wire/json_document.hpp"

namespace rellama::terminal {

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
  const nlohmann::ordered_json value = wire::find_json(output.json());
  if (value.is_discarded()) return {};
  if (!value.is_array()) return wire::render_json(value);
  for (const auto& element : value) add(wire::render_json(element));
  return lines;
}

}  // namespace rellama::terminal

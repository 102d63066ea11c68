#include "terminal/piped_lines.hpp"

#include <utility>

namespace rellama::terminal {

Line PipedLines::read(const std::string& /*prompt*/, const StopToken& stop) {
  std::optional<std::string> line = in_.read_line(stop);
  if (!line) return {LineEnd::end, {}};
  if (line->ends_with('\r')) line->pop_back();
  return {LineEnd::line, *std::move(line)};
}

}  // namespace rellama::terminal

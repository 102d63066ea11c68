#include "terminal/piped_lines.hpp"

#include <utility>

#include "wire/plain_text.hpp"

namespace rellama::terminal {

Line PipedLines::read(const std::string& /*prompt*/, const StopToken& stop) {
  std::optional<std::string> line = in_.read_line(stop);
  if (!line) return {LineEnd::end, {}};
  if (is_first_ && line->starts_with(wire::byte_order_mark)) {
    line->erase(0, wire::byte_order_mark.size());
  }
  is_first_ = false;
  if (line->ends_with('\r')) line->pop_back();
  return {LineEnd::line, *std::move(line)};
}

}  // namespace rellama::terminal

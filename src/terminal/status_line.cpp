#include "terminal/status_line.hpp"

#include <algorithm>
#include <utility>

namespace rellama::terminal {
namespace {

// The first characters of `line`, which are one column wide.
std::string cut(const std::string& line, std::size_t columns) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < line.size(); ++at) {
    const bool continues = (static_cast<unsigned char>(line[at]) & 0xC0U) == 0x80U;
    if (!continues && ++width > columns) return line.substr(0, at);
  }
  return line;
}

}  // namespace

void StatusLine::draw(const std::string& line) {
  if (line == shown_) return;
  out_.write("\r" + cut(line, static_cast<std::size_t>(std::max(out_.columns() - 1, 1))) +
             "\x1b[K");
  shown_ = line;
}

void StatusLine::erase() {
  if (!std::exchange(shown_, {}).empty()) out_.write("\r\x1b[K");
}

}  // namespace rellama::terminal

#include "replicate/line_endings.hpp"

#include <algorithm>
#include <cstddef>

namespace rellama::replicate {

std::string with_lf_only(std::string_view text) {
  std::string unified;
  unified.reserve(text.size());
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\r'), text.size());
    unified += text.substr(0, end);
    if (end == text.size()) break;
    text.remove_prefix(end + 1);
    if (!text.starts_with('\n')) unified += '\n';
  }
  return unified;
}

}  // namespace rellama::replicate

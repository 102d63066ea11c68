#include "replicate/line_endings.hpp"

#include <cstddef>

namespace rellama::replicate {

std::string with_lf_only(std::string_view text) {
  std::string unified;
  unified.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\r') {
      unified += text[i];
    } else if (i + 1 == text.size() || text[i + 1] != '\n') {
      unified += '\n';
    }
  }
  return unified;
}

}  // namespace rellama::replicate

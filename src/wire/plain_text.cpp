#include "wire/plain_text.hpp"

#include <cstddef>

namespace rellama::wire {

std::string plain_text(std::string text) {
  std::size_t to = 0;
  for (std::size_t from = text.starts_with(byte_order_mark) ? byte_order_mark.size() : 0;
       from < text.size(); ++from) {
    const bool is_line_end = text[from] == '\r' && from + 1 < text.size() && text[from + 1] == '\n';
    if (!is_line_end) text[to++] = text[from];
  }
  text.resize(to);
  return text;
}

}  // namespace rellama::wire

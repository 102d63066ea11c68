#include "system/small_file.hpp"

#include <unistd.h>

#include <cerrno>

namespace rellama::system {

std::optional<std::string> read_up_to(int fd, std::size_t most) {
  std::string text(most, '\0');
  std::size_t size = 0;
  while (size < text.size()) {
    const ssize_t count = ::read(fd, text.data() + size, text.size() - size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return std::nullopt;
    if (count == 0) break;
    size += static_cast<std::size_t>(count);
  }
  text.resize(size);
  return text;
}

}  // namespace rellama::system

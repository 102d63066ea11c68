#include "system/random.hpp"

#include <sys/random.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "rellama/error.hpp"

namespace rellama::system {
namespace {

bool fill(unsigned char* bytes, std::size_t count) {
#ifdef __APPLE__
  return ::getentropy(bytes, count) == 0;
#else
  // Not getentropy(3): libbsd's archive, which libedit needs, would bring its own.
  return ::getrandom(bytes, count, 0) == static_cast<ssize_t>(count);
#endif
}

}  // namespace

std::string random_hex(std::size_t bytes) {
  std::array<unsigned char, 256> random{};
  if (bytes > random.size() || !fill(random.data(), bytes)) {
    throw Error(ErrorKind::internal, {.failed = "cannot get random numbers",
                                      .why = std::generic_category().message(errno)});
  }
  constexpr const char* kDigits = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < bytes; ++i) {
    text += kDigits[random[i] >> 4U];
    text += kDigits[random[i] & 15U];
  }
  return text;
}

}  // namespace rellama::system

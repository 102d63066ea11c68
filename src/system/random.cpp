#include "system/random.hpp"

#include <unistd.h>
#ifdef __APPLE__
#include <sys/random.h>
#endif

#include <array>
#include <cerrno>
#include <system_error>

#include "rellama/error.hpp"

namespace rellama::system {

std::string random_hex(std::size_t bytes) {
  std::array<unsigned char, 256> random{};
  // getrandom(2) on Linux, in the form that other systems have too.
  if (bytes > random.size() || ::getentropy(random.data(), bytes) != 0) {
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

#include "system/whole_file.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "rellama/error.hpp"
#include "system/file_descriptor.hpp"

namespace rellama::system {
namespace {

constexpr std::size_t kBytesAtOnce = std::size_t{64} << 10;

Error cannot_read(const std::string& path, int error) {
  return Error(ErrorKind::invalid_input, {.failed = "cannot read '" + path + "'",
                                          .why = std::generic_category().message(error)});
}

// Polls for short times, because neither a deadline nor a signal that another thread handles ends a
// poll. A FIFO without a writer has nothing to read, but is not at its end.
void wait_for_bytes(int fd, const StopToken& stop) {
  constexpr int kMilliseconds = 100;
  pollfd waiting{.fd = fd, .events = POLLIN, .revents = 0};
  do stop.throw_if_stopped();
  while (::poll(&waiting, 1, kMilliseconds) <= 0);
}

}  // namespace

std::string read_whole_file(const std::string& path, const StopToken& stop, std::size_t most) {
  // O_NONBLOCK: opening a FIFO must not wait for a writer.
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!file.is_open()) throw cannot_read(path, errno);
  struct stat about {};
  const bool is_regular = ::fstat(file.get(), &about) == 0 && S_ISREG(about.st_mode);
  if (!is_regular) most = std::min(most, kMostText);  // it may have no end
  std::string text;
  while (true) {
    wait_for_bytes(file.get(), stop);
    const std::size_t size = text.size();
    text.resize(size + kBytesAtOnce);
    const ssize_t count = ::read(file.get(), text.data() + size, kBytesAtOnce);
    const int error = errno;
    text.resize(size + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    if (count == 0) return text;
    if (count < 0 && error != EINTR && error != EAGAIN) throw cannot_read(path, error);
    if (text.size() > most) {
      const std::string limit =
          most == kMostText ? "64 MiB" : std::to_string(most / 1'000'000) + " MB";
      throw Error(ErrorKind::invalid_input, {.failed = "'" + path + "' is too long",
                                             .why = "it is larger than " + limit,
                                             .remedy = "use only a part of it"});
    }
  }
}

}  // namespace rellama::system

#include "httpd/interrupt.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>

#include "rellama/error.hpp"

namespace rellama::httpd {

Interrupt::Interrupt() {
  std::array<int, 2> ends{};
  if (::pipe(ends.data()) != 0) {
    throw Error(ErrorKind::network, ErrorParts{.failed = "cannot serve HTTP",
                                               .why = "too many open files",
                                               .remedy = "raise the limit with ulimit -n"});
  }
  for (const int end : ends) {
    ::fcntl(end, F_SETFD, FD_CLOEXEC);
    ::fcntl(end, F_SETFL, O_NONBLOCK);
  }
  read_end_ = ends[0];
  write_end_ = ends[1];
}

Interrupt::~Interrupt() {
  ::close(read_end_);
  ::close(write_end_);
}

void Interrupt::raise() const noexcept {
  // A full pipe is readable already.
  [[maybe_unused]] const ssize_t written = ::write(write_end_, "", 1);
}

void Interrupt::clear() const noexcept {
  std::array<char, 64> buffer{};
  while (::read(read_end_, buffer.data(), buffer.size()) > 0) {
  }
}

}  // namespace rellama::httpd

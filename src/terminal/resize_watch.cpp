#include "terminal/resize_watch.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "rellama/error.hpp"

namespace rellama::terminal {
namespace {

// For the signal handler.
const WakePipe* woken_by_resize = nullptr;

void wake_on_resize(int /*signal*/) {
  if (woken_by_resize != nullptr) woken_by_resize->wake();
}

}  // namespace

WakePipe::WakePipe() {
  if (::pipe2(ends_.data(), O_CLOEXEC | O_NONBLOCK) == 0) return;
  throw Error(ErrorKind::internal, {.failed = "cannot read from the terminal",
                                    .why = std::generic_category().message(errno)});
}

WakePipe::~WakePipe() {
  for (const int end : ends_) ::close(end);
}

void WakePipe::wake() const noexcept {
  const int error = errno;
  [[maybe_unused]] const ssize_t written = ::write(ends_[1], "", 1);
  errno = error;
}

void WakePipe::drain() const noexcept {
  std::array<char, 64> bytes{};
  while (::read(ends_[0], bytes.data(), bytes.size()) > 0) {
  }
}

ResizeWatch::ResizeWatch(const WakePipe& wake) {
  woken_by_resize = &wake;
  struct sigaction action {};
  action.sa_handler = wake_on_resize;
  action.sa_flags = SA_RESTART;
  ::sigaction(SIGWINCH, &action, &previous_);
}

ResizeWatch::~ResizeWatch() {
  ::sigaction(SIGWINCH, &previous_, nullptr);
  woken_by_resize = nullptr;
}

}  // namespace rellama::terminal

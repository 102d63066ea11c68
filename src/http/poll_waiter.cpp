#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

#include "http/waiter.hpp"

namespace rellama::http {
namespace {

class PollWaiter final : public Waiter {
 public:
  PollWaiter() {
    if (::pipe(wake_.data()) != 0) {
      throw std::system_error(errno, std::generic_category(), "cannot make a pipe");
    }
    for (const int end : wake_) {
      ::fcntl(end, F_SETFD, FD_CLOEXEC);
      ::fcntl(end, F_SETFL, O_NONBLOCK);
    }
    sockets_.push_back({wake_[0], POLLIN, 0});
  }
  ~PollWaiter() override {
    for (const int end : wake_) ::close(end);
  }

  void watch(int socket, bool read, bool write) override {
    const auto events = static_cast<short>((read ? POLLIN : 0) | (write ? POLLOUT : 0));
    const auto found = std::find_if(sockets_.begin() + 1, sockets_.end(),
                                    [socket](const pollfd& one) { return one.fd == socket; });
    if (events == 0) {
      if (found != sockets_.end()) sockets_.erase(found);
    } else if (found != sockets_.end()) {
      found->events = events;
    } else {
      sockets_.push_back({socket, events, 0});
    }
  }

  void wait(Clock::time_point until, std::vector<Ready>& ready) override {
    ready.clear();
    if (::poll(sockets_.data(), static_cast<nfds_t>(sockets_.size()), milliseconds_until(until)) <=
        0) {
      return;
    }
    std::array<char, 64> bytes{};
    if (sockets_.front().revents != 0) {
      while (::read(wake_[0], bytes.data(), bytes.size()) > 0) {
      }
    }
    for (auto one = sockets_.begin() + 1; one != sockets_.end(); ++one) {
      if (one->revents == 0) continue;
      const bool failed = (one->revents & (POLLERR | POLLHUP | POLLNVAL)) != 0;
      ready.push_back({one->fd, failed || (one->revents & POLLIN) != 0,
                       failed || (one->revents & POLLOUT) != 0});
    }
  }

  void wake() noexcept override {
    const char byte = 0;
    [[maybe_unused]] const auto put = ::write(wake_[1], &byte, 1);
  }

 private:
  std::array<int, 2> wake_{};
  std::vector<pollfd> sockets_;  // the first is the pipe
};

}  // namespace

std::unique_ptr<Waiter> make_poll_waiter() {
  return std::make_unique<PollWaiter>();
}

int milliseconds_until(Waiter::Clock::time_point until) noexcept {
  using std::chrono::milliseconds;
  const auto now = Waiter::Clock::now();
  if (until <= now) return 0;
  // A minute at most, which also avoids an overflow.
  if (until - now >= std::chrono::minutes(1)) return 60'000;
  return static_cast<int>(std::chrono::ceil<milliseconds>(until - now).count());
}

}  // namespace rellama::http

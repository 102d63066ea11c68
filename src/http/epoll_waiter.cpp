#include "http/waiter.hpp"

#if __has_include(<sys/epoll.h>)

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <unordered_map>
#include <unordered_set>

namespace rellama::http {
namespace {

int check(int descriptor) {
  if (descriptor < 0) throw std::system_error(errno, std::generic_category(), "cannot use epoll");
  return descriptor;
}

class EpollWaiter final : public Waiter {
 public:
  EpollWaiter() : epoll_(check(::epoll_create1(EPOLL_CLOEXEC))) {
    wake_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (wake_ < 0) {
      const int error = errno;
      ::close(epoll_);
      throw std::system_error(error, std::generic_category(), "cannot use epoll");
    }
    change(EPOLL_CTL_ADD, wake_, EPOLLIN);
  }
  ~EpollWaiter() override {
    ::close(wake_);
    ::close(epoll_);
  }

  // libcurl changes its mind several times between two waits, so the system is told only then. What
  // is no longer watched may be closed before, and its number then stands for something else.
  void watch(int socket, bool read, bool write) override {
    if (read || write) {
      wanted_[socket] = (read ? EPOLLIN : 0U) | (write ? EPOLLOUT : 0U);
      return;
    }
    wanted_.erase(socket);
    if (watched_.erase(socket) > 0) change(EPOLL_CTL_DEL, socket, 0);
  }

  void wait(Clock::time_point until, std::vector<Ready>& ready) override {
    ready.clear();
    for (const auto& [socket, events] : wanted_) tell_system(socket, events);
    wanted_.clear();
    std::array<epoll_event, 256> events;  // NOLINT: filled by epoll_wait
    const int count = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()),
                                   milliseconds_until(until));
    for (int i = 0; i < count; ++i) {
      const epoll_event& event = events.at(static_cast<std::size_t>(i));
      if (event.data.fd == wake_) {
        std::uint64_t times = 0;
        [[maybe_unused]] const auto got = ::read(wake_, &times, sizeof(times));
        continue;
      }
      const bool failed = (event.events & (EPOLLERR | EPOLLHUP)) != 0;
      ready.push_back({event.data.fd, failed || (event.events & EPOLLIN) != 0,
                       failed || (event.events & EPOLLOUT) != 0});
    }
  }

  void wake() noexcept override {
    const std::uint64_t once = 1;
    [[maybe_unused]] const auto put = ::write(wake_, &once, sizeof(once));
  }

 private:
  // A number may stand for another socket than before, and the system forgets a socket when it is
  // closed. So one that is unknown is added, and one that is known already is changed.
  void tell_system(int socket, std::uint32_t events) {
    const bool is_new = watched_.insert(socket).second;
    if (change(is_new ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, socket, events)) return;
    change(is_new ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, socket, events);
  }

  bool change(int operation, int socket, std::uint32_t events) const {
    epoll_event event{};
    event.events = events;
    event.data.fd = socket;
    return ::epoll_ctl(epoll_, operation, socket, &event) == 0;
  }

  int epoll_;
  int wake_ = -1;
  std::unordered_set<int> watched_;                // what the system watches, as far as known
  std::unordered_map<int, std::uint32_t> wanted_;  // changes since the last wait
};

}  // namespace

std::unique_ptr<Waiter> make_epoll_waiter() {
  return std::make_unique<EpollWaiter>();
}

}  // namespace rellama::http

#else

namespace rellama::http {

std::unique_ptr<Waiter> make_epoll_waiter() {
  return nullptr;
}

}  // namespace rellama::http

#endif

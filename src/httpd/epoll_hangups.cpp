#include "httpd/hangups.hpp"

#if __has_include(<sys/epoll.h>)

#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "httpd/interrupt.hpp"
#include "rellama/error.hpp"

namespace rellama::httpd {
namespace {

/// Not the id of any socket.
constexpr std::uint64_t kInterrupt = ~std::uint64_t{0};

/// Rounds up: a wake-up before the time would only lead to another wait.
int milliseconds_until(std::optional<Hangups::Clock::time_point> deadline) {
  if (!deadline) return -1;
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(*deadline - Hangups::Clock::now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, 60'000));
}

class EpollHangups final : public Hangups {
 public:
  EpollHangups() : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
    if (epoll_ < 0) {
      throw Error(ErrorKind::network, ErrorParts{.failed = "cannot serve HTTP",
                                                 .why = "too many open files",
                                                 .remedy = "raise the limit with ulimit -n"});
    }
    epoll_event event{.events = EPOLLIN, .data = {.u64 = kInterrupt}};
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, interrupt_.descriptor(), &event);
  }
  ~EpollHangups() override { ::close(epoll_); }
  EpollHangups(const EpollHangups&) = delete;
  EpollHangups& operator=(const EpollHangups&) = delete;

  void add(int socket, std::uint64_t id) override {
    epoll_event event{.events = EPOLLRDHUP | EPOLLONESHOT, .data = {.u64 = id}};
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, socket, &event);
  }

  void remove(int socket, std::uint64_t /*id*/) override {
    ::epoll_ctl(epoll_, EPOLL_CTL_DEL, socket, nullptr);
  }

  std::vector<std::uint64_t> wait(std::optional<Clock::time_point> deadline) override {
    std::array<epoll_event, 64> events{};
    const int count = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()),
                                   milliseconds_until(deadline));
    std::vector<std::uint64_t> gone;
    for (int i = 0; i < count; ++i) {
      const std::uint64_t id = events[static_cast<std::size_t>(i)].data.u64;
      if (id == kInterrupt) {
        interrupt_.clear();
      } else {
        gone.push_back(id);
      }
    }
    return gone;
  }

  void interrupt() override { interrupt_.raise(); }

 private:
  Interrupt interrupt_;
  int epoll_;
};

}  // namespace

std::unique_ptr<Hangups> make_epoll_hangups() {
  return std::make_unique<EpollHangups>();
}

}  // namespace rellama::httpd

#else

namespace rellama::httpd {

std::unique_ptr<Hangups> make_epoll_hangups() {
  return nullptr;
}

}  // namespace rellama::httpd

#endif

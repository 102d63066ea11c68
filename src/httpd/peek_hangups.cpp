#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <mutex>

#include "httpd/hangups.hpp"
#include "httpd/interrupt.hpp"

namespace rellama::httpd {
namespace {

constexpr std::chrono::milliseconds kInterval(500);

class PeekHangups final : public Hangups {
 public:
  void add(int socket, std::uint64_t id) override {
    const std::lock_guard lock(mutex_);
    const bool first = sockets_.empty();
    sockets_[id] = socket;
    if (first) interrupt_.raise();  // a wait that watches nothing has no interval
  }

  void remove(int /*socket*/, std::uint64_t id) override {
    const std::lock_guard lock(mutex_);
    sockets_.erase(id);
  }

  std::vector<std::uint64_t> wait(std::optional<Clock::time_point> deadline) override {
    pollfd descriptor{.fd = interrupt_.descriptor(), .events = POLLIN, .revents = 0};
    if (::poll(&descriptor, 1, time_to_wait(deadline)) > 0) interrupt_.clear();
    if (Clock::now() < next_try_) return {};
    next_try_ = Clock::now() + kInterval;
    return try_all();
  }

  void interrupt() override { interrupt_.raise(); }

 private:
  [[nodiscard]] int time_to_wait(std::optional<Clock::time_point> deadline) {
    const std::lock_guard lock(mutex_);
    if (!sockets_.empty()) deadline = std::min(deadline.value_or(next_try_), next_try_);
    if (!deadline) return -1;
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(*deadline - Clock::now()).count();
    return static_cast<int>(std::clamp<std::int64_t>(left, 0, 60'000));
  }

  [[nodiscard]] std::vector<std::uint64_t> try_all() {
    const std::lock_guard lock(mutex_);
    std::vector<std::uint64_t> gone;
    for (const auto& [id, socket] : sockets_) {
      if (has_hung_up(socket)) gone.push_back(id);
    }
    for (const std::uint64_t id : gone) sockets_.erase(id);
    return gone;
  }

  Interrupt interrupt_;
  Clock::time_point next_try_ = Clock::now();
  std::mutex mutex_;
  std::map<std::uint64_t, int> sockets_;  // by id
};

}  // namespace

bool has_hung_up(int socket) noexcept {
  char byte = 0;
  const ssize_t size = ::recv(socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  if (size < 0) return errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR;
  return size == 0;
}

std::unique_ptr<Hangups> make_peek_hangups() {
  return std::make_unique<PeekHangups>();
}

}  // namespace rellama::httpd

#include "support/cutting_proxy.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>
#include <string_view>

#include "support/loopback.hpp"

namespace rellama::test {
namespace {

int connect_to(int port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  const sockaddr_in address = loopback(port);
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    ::close(fd);
    return -1;
  }
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return fd;
}

bool send_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

}  // namespace

CuttingProxy::CuttingProxy(int port, std::optional<Cut> cut) : upstream_port_(port), cut_(cut) {
  const LoopbackListener listening = listen_on_loopback();
  listener_ = listening.socket;
  port_ = listening.port;
  if (::pipe(stop_pipe_.data()) != 0) throw std::runtime_error("pipe");
  acceptor_ = std::thread([this] { accept_all(); });
}

CuttingProxy::~CuttingProxy() {
  ::close(stop_pipe_[1]);
  acceptor_.join();
  for (std::thread& relay : relays_) relay.join();
  ::close(listener_);
  ::close(stop_pipe_[0]);
}

std::vector<std::array<std::size_t, 2>> CuttingProxy::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

void CuttingProxy::accept_all() {
  bool ready = false;
  bool nothing = false;
  while (wait_for(listener_, -1, ready, nothing)) {
    const int client = ::accept(listener_, nullptr, nullptr);
    if (client < 0) continue;
    const std::lock_guard lock(mutex_);
    const std::size_t number = counts_.size();
    counts_.push_back({0, 0});
    relays_.emplace_back([this, client, number] { relay(client, number); });
  }
}

void CuttingProxy::relay(int client, std::size_t number) {
  const int on = 1;
  ::setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  const int server = connect_to(upstream_port_);
  bool from_client = false;
  bool from_server = false;
  bool open = server >= 0;
  while (open && wait_for(client, server, from_client, from_server)) {
    if (from_client) open = pass(client, server, number, Direction::request);
    if (open && from_server) open = pass(server, client, number, Direction::answer);
  }
  if (has_cut_ && cut_->connection == number) break_off(client);
  if (server >= 0) ::close(server);
  ::close(client);
}

// Relays available data; false at the end of the connection or at the cut.
bool CuttingProxy::pass(int from, int to, std::size_t number, Direction direction) {
  std::array<char, 16384> buffer{};
  const auto got = ::recv(from, buffer.data(), buffer.size(), 0);
  if (got <= 0) return false;
  std::string_view bytes(buffer.data(), static_cast<std::size_t>(got));
  std::size_t before = 0;
  {
    const std::lock_guard lock(mutex_);
    std::size_t& count = counts_[number][static_cast<std::size_t>(direction)];
    before = count;
    count += bytes.size();
  }
  const bool cuts = cut_ && cut_->connection == number && cut_->direction == direction &&
                    before + bytes.size() > cut_->offset;
  if (!cuts) return send_all(to, bytes);
  send_all(to, bytes.substr(0, cut_->offset - before));
  has_cut_ = true;
  return false;
}

void CuttingProxy::break_off(int client) {
  if (cut_->how == Break::reset) {
    const linger none{1, 0};
    ::setsockopt(client, SOL_SOCKET, SO_LINGER, &none, sizeof none);
  } else if (cut_->how == Break::stall) {
    // Wait until the client gives up.
    bool ready = false;
    bool nothing = false;
    std::array<char, 16384> ignored{};
    while (wait_for(client, -1, ready, nothing) &&
           ::recv(client, ignored.data(), ignored.size(), 0) > 0) {
    }
  }
}

bool CuttingProxy::wait_for(int first, int second, bool& first_ready, bool& second_ready) const {
  std::array<pollfd, 3> fds{{{first, POLLIN, 0}, {second, POLLIN, 0}, {stop_pipe_[0], POLLIN, 0}}};
  while (::poll(fds.data(), fds.size(), -1) < 0) {
  }
  first_ready = fds[0].revents != 0;
  second_ready = fds[1].revents != 0;
  return fds[2].revents == 0;
}

}  // namespace rellama::test

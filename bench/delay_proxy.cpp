#include "delay_proxy.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <deque>
#include <stdexcept>

namespace rellama::bench {
namespace {

using Clock = std::chrono::steady_clock;

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return address;
}

// Bytes in transit from one socket to another.
struct Direction {
  struct Packet {
    Clock::time_point due;
    std::string bytes;  // empty: the sender has closed
  };
  int from;
  int to;
  std::deque<Packet> packets = {};
  bool open = true;
};

void receive(Direction& direction, std::chrono::milliseconds delay) {
  std::array<char, 65536> bytes{};
  const ssize_t count = ::recv(direction.from, bytes.data(), bytes.size(), 0);
  direction.open = count > 0;
  direction.packets.push_back(
      {Clock::now() + delay,
       std::string(bytes.data(), static_cast<std::size_t>(std::max<ssize_t>(0, count)))});
}

void deliver(Direction& direction) {
  while (!direction.packets.empty() && direction.packets.front().due <= Clock::now()) {
    const std::string& bytes = direction.packets.front().bytes;
    if (bytes.empty()) {
      ::shutdown(direction.to, SHUT_WR);
    } else {
      ::send(direction.to, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    }
    direction.packets.pop_front();
  }
}

int until_due(const Direction& direction, int at_most) {
  if (direction.packets.empty()) return at_most;
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(direction.packets.front().due - Clock::now());
  return std::clamp(static_cast<int>(left.count()), 0, at_most);
}

}  // namespace

DelayProxy::DelayProxy(int server_port, std::chrono::milliseconds round_trip)
    : server_port_(server_port),
      round_trip_(round_trip),
      listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  auto* any = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_, any, size) != 0 || ::listen(listener_, 16) != 0 ||
      ::getsockname(listener_, any, &size) != 0) {
    throw std::runtime_error("cannot listen on 127.0.0.1");
  }
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept_all(); });
}

DelayProxy::~DelayProxy() {
  ended_ = true;
  ::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  for (std::thread& relay : relays_) relay.join();
  ::close(listener_);
}

void DelayProxy::accept_all() {
  for (int client = 0; (client = ::accept(listener_, nullptr, nullptr)) >= 0;) {
    relays_.emplace_back([this, client] { relay(client); });
  }
}

void DelayProxy::relay(int client) {
  constexpr int kPatience = 50;
  const int server = ::socket(AF_INET, SOCK_STREAM, 0);
  const sockaddr_in address = loopback(server_port_);
  const int yes = 1;
  for (const int socket : {client, server}) {
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  }
  if (::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    ::close(client);
    ::close(server);
    return;
  }
  const auto connected = Clock::now() + round_trip_;
  Direction out{.from = client, .to = server};
  Direction back{.from = server, .to = client};
  while (!ended_ && (out.open || back.open || !out.packets.empty() || !back.packets.empty())) {
    std::array<pollfd, 2> sockets{
        {{out.open ? client : -1, POLLIN, 0}, {back.open ? server : -1, POLLIN, 0}}};
    ::poll(sockets.data(), sockets.size(), until_due(out, until_due(back, kPatience)));
    const auto handshake =
        std::max(std::chrono::milliseconds{0},
                 std::chrono::duration_cast<std::chrono::milliseconds>(connected - Clock::now()));
    if (sockets[0].revents != 0) receive(out, handshake + round_trip_ / 2);
    if (sockets[1].revents != 0) receive(back, round_trip_ / 2);
    deliver(out);
    deliver(back);
  }
  ::close(client);
  ::close(server);
}

}  // namespace rellama::bench

#include "emulator/connection.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string_view>

namespace rellama::emulator {
namespace {

using GetName = int (*)(int, sockaddr*, socklen_t*);

void read_address(socket_t socket, GetName get_name, std::string& ip, int& port) {
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;
  auto* address = reinterpret_cast<sockaddr*>(&storage);
  if (get_name(socket, address, &size) != 0) return;
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (storage.ss_family == AF_INET) {
    const auto* v4 = reinterpret_cast<const sockaddr_in*>(&storage);
    ::inet_ntop(AF_INET, &v4->sin_addr, text.data(), text.size());
    port = ntohs(v4->sin_port);
  } else {
    const auto* v6 = reinterpret_cast<const sockaddr_in6*>(&storage);
    ::inet_ntop(AF_INET6, &v6->sin6_addr, text.data(), text.size());
    port = ntohs(v6->sin6_port);
  }
  ip = text.data();
}

}  // namespace

// A QUERY is passed on as PATCH, which is as long and which Replicate's API does not use where it
// knows QUERY: cpp-httplib refuses methods it has not heard of.
bool Connection::await_request() {
  constexpr std::string_view kQuery = "QUERY ";
  while (end_ - begin_ < kQuery.size()) {
    if (!fill()) return false;
  }
  if (std::string_view(buffer_.data() + begin_, kQuery.size()) == kQuery) {
    std::memcpy(buffer_.data() + begin_, "PATCH ", kQuery.size());
  }
  return true;
}

void Connection::hang_up(HangUp how) {
  if (how == HangUp::reset) {
    const linger at_once{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  }
  silent_ = true;
}

bool Connection::is_readable() const {
  return begin_ < end_ || wait_for(POLLIN);
}

bool Connection::is_writable() const {
  if (silent_) return false;
  char byte = 0;
  return ::recv(socket_, &byte, 1, MSG_PEEK | MSG_DONTWAIT) != 0;
}

ssize_t Connection::read(char* to, size_t size) {
  if (begin_ == end_ && !fill()) return 0;
  const std::size_t count = std::min(size, end_ - begin_);
  std::memcpy(to, buffer_.data() + begin_, count);
  begin_ += count;
  return static_cast<ssize_t>(count);
}

ssize_t Connection::write(const char* from, size_t size) {
  if (silent_) return -1;
  std::size_t sent = 0;
  while (sent < size) {
    if (!wait_for(POLLOUT)) return -1;
    const ssize_t count = ::send(socket_, from + sent, size - sent, MSG_NOSIGNAL);
    if (count < 0 && errno != EINTR && errno != EAGAIN) return -1;
    if (count > 0) sent += static_cast<std::size_t>(count);
  }
  return static_cast<ssize_t>(size);
}

void Connection::get_remote_ip_and_port(std::string& ip, int& port) const {
  read_address(socket_, ::getpeername, ip, port);
}

void Connection::get_local_ip_and_port(std::string& ip, int& port) const {
  read_address(socket_, ::getsockname, ip, port);
}

bool Connection::wait_for(short event) const {
  pollfd poll{.fd = socket_, .events = event, .revents = 0};
  int ready = 0;
  do {
    ready = ::poll(&poll, 1, kIdleSeconds * 1000);
  } while (ready < 0 && errno == EINTR);
  return ready > 0;
}

bool Connection::fill() {
  if (begin_ > 0) {
    std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(begin_),
              buffer_.begin() + static_cast<std::ptrdiff_t>(end_), buffer_.begin());
    end_ -= begin_;
    begin_ = 0;
  }
  if (!wait_for(POLLIN)) return false;
  const ssize_t count = ::recv(socket_, buffer_.data() + end_, buffer_.size() - end_, 0);
  if (count <= 0) return false;
  end_ += static_cast<std::size_t>(count);
  return true;
}

}  // namespace rellama::emulator

#include "stream_load.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <string_view>

namespace rellama::bench {
namespace {

using Clock = std::chrono::steady_clock;

double milliseconds(Clock::duration time) {
  return std::chrono::duration<double, std::milli>(time).count();
}

int connect_to(int port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw std::runtime_error("cannot connect");
  }
  return socket;
}

struct Stream {
  int socket = -1;
  Clock::time_point asked = {};
  std::string rest = {};  // what may be the beginning of a token
  bool any = false;
  bool complete = false;
};

// Takes the tokens, each of which is the time at which it was sent, out of what has arrived.
void take_tokens(Stream& stream, Clock::time_point now, StreamLoad& load) {
  constexpr std::size_t kDigits = 18;
  std::string_view text = stream.rest;
  for (std::size_t at = text.find('<'); at != std::string_view::npos; at = text.find('<')) {
    text.remove_prefix(at);
    if (text.size() < kDigits + 2) break;
    const Clock::duration sent{std::stoll(std::string(text.substr(1, kDigits)))};
    load.token_ms.push_back(milliseconds(now.time_since_epoch() - sent));
    if (!stream.any) load.first_ms.push_back(milliseconds(now - stream.asked));
    stream.any = true;
    text.remove_prefix(kDigits + 2);
  }
  if (text.find("[DONE]") != std::string_view::npos) stream.complete = true;
  constexpr std::size_t kKept = 32;
  stream.rest = text.substr(text.size() > kKept && text[0] != '<' ? text.size() - kKept : 0);
}

}  // namespace

StreamLoad load_streams(int port, const std::string& request, std::size_t count) {
  StreamLoad load;
  std::vector<Stream> streams(count);
  const int poll = ::epoll_create1(0);
  for (std::size_t i = 0; i < count; ++i) {
    Stream& stream = streams[i];
    stream.socket = connect_to(port);
    epoll_event event{.events = EPOLLIN, .data = {.u64 = i}};
    ::epoll_ctl(poll, EPOLL_CTL_ADD, stream.socket, &event);
  }
  for (Stream& stream : streams) {
    stream.asked = Clock::now();
    if (::send(stream.socket, request.data(), request.size(), MSG_NOSIGNAL) < 0) {
      throw std::runtime_error("cannot send");
    }
  }
  std::array<epoll_event, 256> events{};
  std::array<char, 65536> bytes{};
  for (std::size_t open = count; open > 0;) {
    const int ready = ::epoll_wait(poll, events.data(), static_cast<int>(events.size()), 120'000);
    if (ready <= 0) throw std::runtime_error("the streams do not end");
    for (int i = 0; i < ready; ++i) {
      Stream& stream = streams[events[static_cast<std::size_t>(i)].data.u64];
      const ssize_t size = ::recv(stream.socket, bytes.data(), bytes.size(), 0);
      const auto now = Clock::now();
      if (size > 0) stream.rest.append(bytes.data(), static_cast<std::size_t>(size));
      take_tokens(stream, now, load);
      if (size > 0 && !stream.complete) continue;
      if (stream.complete) ++load.complete;
      ::close(stream.socket);
      --open;
    }
  }
  ::close(poll);
  return load;
}

}  // namespace rellama::bench

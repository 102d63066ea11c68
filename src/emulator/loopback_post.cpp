#include "emulator/loopback_post.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

#include "emulator/clock.hpp"
#include "emulator/lower_case.hpp"
#include "httpd/addresses.hpp"

namespace rellama::emulator {
namespace {

#ifdef MSG_NOSIGNAL
constexpr int kSendFlags = MSG_NOSIGNAL;
#else
constexpr int kSendFlags = 0;
#endif

class Socket {
 public:
  explicit Socket(int descriptor) : descriptor_(descriptor) {}
  ~Socket() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  [[nodiscard]] int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

int connect_to(const LoopbackUrl& url) {
  std::uint16_t port = 0;
  const char* const end = url.port.data() + url.port.size();
  if (std::from_chars(url.port.data(), end, port).ptr != end) return -1;
  const auto addresses = httpd::find_addresses(url.host, port);
  if (addresses.empty()) return -1;
  const httpd::SocketAddress& address = addresses.front();
  const int descriptor = ::socket(address.storage.ss_family, SOCK_STREAM, 0);
  if (descriptor >= 0) {
    ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
    ::fcntl(descriptor, F_SETFL, O_NONBLOCK);
    // Still in progress, or failed: `wait_for` and the first write tell.
    [[maybe_unused]] const int result = ::connect(descriptor, address.get(), address.size);
  }
  return descriptor;
}

/// Waits until the socket is ready for `events`. Returns whether it is.
bool wait_for(int socket, short events, int interrupt, Clock::time_point deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
  if (left.count() <= 0) return false;
  std::array<pollfd, 2> polled{pollfd{socket, events, 0}, pollfd{interrupt, POLLIN, 0}};
  const int ready = ::poll(polled.data(), polled.size(), static_cast<int>(left.count()));
  return ready > 0 && polled[1].revents == 0;
}

int parse_status(std::string_view head) {
  constexpr std::string_view kProtocol = "HTTP/1.";
  int status = 0;
  if (head.starts_with(kProtocol) && head.size() >= 12) {
    std::from_chars(head.data() + 9, head.data() + 12, status);
  }
  return status;
}

}  // namespace

std::optional<LoopbackUrl> parse_loopback_url(std::string_view url) {
  constexpr std::string_view kScheme = "http://";
  if (lower_case(url.substr(0, kScheme.size())) != kScheme) return std::nullopt;
  url.remove_prefix(kScheme.size());
  const std::size_t end = std::min(url.find_first_of("/?#"), url.size());
  LoopbackUrl parsed;
  parsed.authority = url.substr(0, end);
  parsed.target = url.substr(end, url.find('#') - end);
  if (!parsed.target.starts_with('/')) parsed.target.insert(0, "/");

  std::string_view authority = parsed.authority;
  const bool bracketed = authority.starts_with("[::1]");
  const std::size_t colon = bracketed ? authority.find(':', 5) : authority.find(':');
  const std::string_view host = authority.substr(0, colon);
  parsed.port = colon == std::string_view::npos ? "80" : authority.substr(colon + 1);
  if (parsed.port.empty() || parsed.port.find_first_not_of("0123456789") != std::string::npos) {
    return std::nullopt;
  }
  if (host == "[::1]") {
    parsed.host = "::1";
  } else if (lower_case(host) == "localhost") {
    parsed.host = "127.0.0.1";
  } else if (host.starts_with("127.") &&
             host.find_first_not_of("0123456789.") == std::string_view::npos) {
    parsed.host = host;
  } else {
    return std::nullopt;
  }
  return parsed;
}

int post_to_loopback(const LoopbackUrl& url,
                     const std::vector<std::pair<std::string, std::string>>& headers,
                     std::string_view body, int interrupt, std::chrono::milliseconds limit) {
  const Clock::time_point deadline = Clock::now() + limit;
  const Socket socket(connect_to(url));
  if (socket.descriptor() < 0) return 0;

  std::string message =
      "POST " + url.target + " HTTP/1.1\r\nHost: " + url.authority +
      "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
      "\r\nConnection: close\r\n";
  for (const auto& [name, value] : headers) message.append(name + ": " + value + "\r\n");
  message.append("\r\n").append(body);

  for (std::string_view rest = message; !rest.empty();) {
    if (!wait_for(socket.descriptor(), POLLOUT, interrupt, deadline)) return 0;
    const ssize_t sent = ::send(socket.descriptor(), rest.data(), rest.size(), kSendFlags);
    if (sent < 0) return 0;
    rest.remove_prefix(static_cast<std::size_t>(sent));
  }
  std::string head;
  while (head.size() < 12) {
    if (!wait_for(socket.descriptor(), POLLIN, interrupt, deadline)) return 0;
    std::array<char, 512> buffer{};
    const ssize_t got = ::recv(socket.descriptor(), buffer.data(), buffer.size(), 0);
    if (got <= 0) return 0;
    head.append(buffer.data(), static_cast<std::size_t>(got));
  }
  return parse_status(head);
}

}  // namespace rellama::emulator

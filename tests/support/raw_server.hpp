#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <initializer_list>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "support/loopback.hpp"

namespace rellama::test {

/// One request, byte for byte.
struct RawRequest {
  std::string head;  ///< request line and header lines, with their newlines
  std::string body;
  int connection = 0;  ///< 1 for the server's first connection

  /// "POST /v1/predictions".
  [[nodiscard]] std::string line() const { return head.substr(0, head.find(" HTTP/")); }

  /// The value of a header, its name in lower case; "(none)" if it is missing.
  [[nodiscard]] std::string header(const std::string& name) const {
    std::string lower = head;
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const auto at = lower.find("\r\n" + name + ":");
    if (at == std::string::npos) return "(none)";
    const auto begin = head.find_first_not_of(" \t", at + name.size() + 3);
    return head.substr(begin, head.find("\r\n", begin) - begin);
  }
};

/// A one-way flag that `poll` can wait for.
class RawSignal {
 public:
  RawSignal() {
    if (::pipe(ends_) != 0) throw std::runtime_error("pipe");
  }
  ~RawSignal() {
    fire();
    ::close(ends_[0]);
  }
  RawSignal(const RawSignal&) = delete;
  RawSignal& operator=(const RawSignal&) = delete;

  void fire() {
    const std::lock_guard lock(mutex_);
    if (ends_[1] >= 0) ::close(ends_[1]);
    ends_[1] = -1;
  }
  [[nodiscard]] int fd() const { return ends_[0]; }

 private:
  std::mutex mutex_;
  int ends_[2] = {-1, -1};
};

class RawServer;

/// One accepted connection, as its script sees it. It is closed when the script returns.
class RawConnection {
 public:
  RawConnection(RawServer& server, int fd, int number) : server_(server), fd_(fd), number_(number) {
    const int on = 1;
    ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  ~RawConnection() { close(); }
  RawConnection(const RawConnection&) = delete;
  RawConnection& operator=(const RawConnection&) = delete;

  /// Reads one whole request and adds it to the server's list; false if the client disconnects.
  bool read_request();

  void send(std::string_view bytes) const {
    while (!bytes.empty()) {
      const auto sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }

  /// Sends nothing until the test calls `release`, the client disconnects or the server ends.
  void hold() const;

  void close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }

  /// Resets the connection instead of closing it.
  void reset() {
    const linger none{1, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &none, sizeof none);
    close();
  }

 private:
  bool read_more(std::string& buffer) const;

  RawServer& server_;
  int fd_;
  int number_;
  std::string unread_;
};

/// What a server does with one connection.
using RawScript = std::function<void(RawConnection&)>;

/// A loopback server for tests that need misbehavior. Each connection runs the next script, in its
/// own thread; when there are none left, connections are closed without a response.
class RawServer {
 public:
  explicit RawServer(std::vector<RawScript> scripts = {}) : scripts_(std::move(scripts)) {
    const LoopbackListener listening = listen_on_loopback();
    listener_ = listening.socket;
    port_ = listening.port;
    acceptor_ = std::thread([this] { accept_all(); });
  }
  ~RawServer() { stop(); }
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;

  /// Appends scripts: for responses that contain the server's own address.
  void then(RawScript script) {
    const std::lock_guard lock(mutex_);
    scripts_.push_back(std::move(script));
  }

  /// Closes every connection and stops listening.
  void stop() {
    stopped_.fire();
    if (acceptor_.joinable()) acceptor_.join();
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
    if (listener_ >= 0) ::close(listener_);
    listener_ = -1;
  }

  /// Resumes every script that holds.
  void release() { released_.fire(); }

  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  [[nodiscard]] int port() const { return port_; }

  [[nodiscard]] std::vector<RawRequest> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

  /// The first lines of all requests so far.
  [[nodiscard]] std::vector<std::string> lines() const {
    std::vector<std::string> lines;
    for (const RawRequest& request : requests()) lines.push_back(request.line());
    return lines;
  }

  /// The number of requests so far with this first line.
  [[nodiscard]] std::ptrdiff_t count(const std::string& line) const {
    const auto all = lines();
    return std::count(all.begin(), all.end(), line);
  }

  /// Waits until `count` requests have arrived; false if they do not.
  [[nodiscard]] bool wait_for_requests(std::size_t count) const {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(30),
                             [&] { return requests_.size() >= count; });
  }

  /// The number of connections so far.
  [[nodiscard]] int connections() const {
    const std::lock_guard lock(mutex_);
    return connections_;
  }

 private:
  friend class RawConnection;

  // Waits for `fd`; false if the server ends first or `also` fires.
  bool wait_readable(int fd, const RawSignal* also = nullptr) const {
    pollfd fds[3] = {{fd, POLLIN | POLLRDHUP, 0},
                     {stopped_.fd(), POLLIN, 0},
                     {also == nullptr ? -1 : also->fd(), POLLIN, 0}};
    while (::poll(fds, 3, -1) < 0) {
    }
    return fds[1].revents == 0 && fds[2].revents == 0;
  }

  void accept_all() {
    while (wait_readable(listener_)) {
      const int fd = ::accept(listener_, nullptr, nullptr);
      if (fd < 0) continue;
      const std::lock_guard lock(mutex_);
      const int number = ++connections_;
      RawScript script;
      if (next_script_ < scripts_.size()) script = scripts_[next_script_++];
      threads_.emplace_back([this, fd, number, script = std::move(script)] {
        RawConnection connection(*this, fd, number);
        if (script) script(connection);
      });
    }
  }

  void enter(RawRequest request) {
    const std::lock_guard lock(mutex_);
    requests_.push_back(std::move(request));
    changed_.notify_all();
  }

  int listener_ = -1;
  int port_ = 0;
  RawSignal stopped_;
  RawSignal released_;
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::vector<RawScript> scripts_;
  std::size_t next_script_ = 0;
  int connections_ = 0;
  std::vector<RawRequest> requests_;
  std::thread acceptor_;
  std::vector<std::thread> threads_;
};

inline bool RawConnection::read_more(std::string& buffer) const {
  char bytes[4096];
  if (!server_.wait_readable(fd_)) return false;
  const auto got = ::recv(fd_, bytes, sizeof bytes, 0);
  if (got <= 0) return false;
  buffer.append(bytes, static_cast<std::size_t>(got));
  return true;
}

inline bool RawConnection::read_request() {
  std::size_t end = 0;
  while ((end = unread_.find("\r\n\r\n")) == std::string::npos) {
    if (!read_more(unread_)) return false;
  }
  RawRequest request{unread_.substr(0, end + 2), {}, number_};
  unread_.erase(0, end + 4);
  const std::string length = request.header("content-length");
  const std::size_t size = length == "(none)" ? 0 : std::stoul(length);
  while (unread_.size() < size) {
    if (!read_more(unread_)) return false;
  }
  request.body = unread_.substr(0, size);
  unread_.erase(0, size);
  server_.enter(std::move(request));
  return true;
}

inline void RawConnection::hold() const {
  char byte = 0;
  while (server_.wait_readable(fd_, &server_.released_) &&
         ::recv(fd_, &byte, 1, MSG_DONTWAIT) > 0) {
  }
}

/// A whole response, after which the connection ends. `headers` are lines without newlines.
inline std::string raw_answer(int status, const std::string& body,
                              std::initializer_list<std::string> headers = {}) {
  std::string answer = "HTTP/1.1 " + std::to_string(status) + " Whatever\r\n";
  for (const std::string& header : headers) answer += header + "\r\n";
  return answer + "Content-Length: " + std::to_string(body.size()) +
         "\r\nConnection: close\r\n\r\n" + body;
}

/// A script that reads one request and sends these bytes.
inline RawScript reply(std::string bytes) {
  return [bytes = std::move(bytes)](RawConnection& connection) {
    if (connection.read_request()) connection.send(bytes);
  };
}

/// A script that reads one request and responds with this status and body.
inline RawScript reply(int status, const std::string& body,
                       std::initializer_list<std::string> headers = {}) {
  return reply(raw_answer(status, body, headers));
}

}  // namespace rellama::test

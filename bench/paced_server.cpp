#include "paced_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <stdexcept>
#include <string_view>

namespace rellama::bench {
namespace {

using Clock = std::chrono::steady_clock;

void send_all(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

// Reads a request: its headers, and a body of Content-Length bytes.
std::string read_request(int socket) {
  std::string request;
  std::array<char, 16384> bytes{};
  std::size_t wanted = std::string::npos;
  while (request.size() < wanted) {
    const ssize_t count = ::recv(socket, bytes.data(), bytes.size(), 0);
    if (count <= 0) return {};
    request.append(bytes.data(), static_cast<std::size_t>(count));
    const std::size_t head = request.find("\r\n\r\n");
    if (head == std::string::npos || wanted != std::string::npos) continue;
    const std::size_t length = request.find("Content-Length: ");
    wanted = head + 4 + (length == std::string::npos ? 0 : std::stoul(request.substr(length + 16)));
  }
  return request;
}

}  // namespace

PacedServer::PacedServer(int tokens, std::chrono::microseconds interval)
    : tokens_(tokens), interval_(interval), listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* any = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_, any, size) != 0 || ::listen(listener_, 16) != 0 ||
      ::getsockname(listener_, any, &size) != 0) {
    throw std::runtime_error("cannot listen on 127.0.0.1");
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

PacedServer::~PacedServer() {
  ::shutdown(listener_, SHUT_RDWR);
  thread_.join();
  ::close(listener_);
}

std::string PacedServer::base_url() const {
  return "http://127.0.0.1:" + std::to_string(port_) + "/v1";
}

std::string PacedServer::stream_url() const {
  return base_url() + "/stream";
}

std::string PacedServer::token(int index) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "<%07d>", index);
  return text.data();
}

std::vector<Clock::time_point> PacedServer::sent() const {
  const std::lock_guard lock(mutex_);
  return sent_;
}

void PacedServer::serve() {
  for (int connection = 0; (connection = ::accept(listener_, nullptr, nullptr)) >= 0;) {
    const int yes = 1;
    ::setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    answer(connection);
    ::close(connection);
  }
}

// One request per connection; clients open another one for the next request.
void PacedServer::answer(int connection) {
  const std::string request = read_request(connection);
  if (request.find(" /v1/stream ") != std::string::npos) {
    stream(connection);
    return;
  }
  const bool is_create = request.starts_with("POST");
  const std::string body = R"({"id":"paced","status":")" +
                           std::string(is_create ? "starting" : "succeeded") +
                           R"(","output":null,"urls":{"stream":")" + stream_url() + R"("}})";
  send_all(connection, "HTTP/1.1 " + std::string(is_create ? "201 Created" : "200 OK") +
                           "\r\nContent-Type: application/json\r\nConnection: close\r\n"
                           "Content-Length: " +
                           std::to_string(body.size()) + "\r\n\r\n" + body);
}

void PacedServer::stream(int connection) {
  send_all(
      connection,
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n: hi\n\n");
  std::vector<Clock::time_point> sent;
  auto next = Clock::now();
  for (int i = 0; i < tokens_; ++i) {
    next += interval_;
    std::this_thread::sleep_until(next);
    const std::string event =
        "event: output\nid: 1:" + std::to_string(i) + "\ndata: " + token(i) + "\n\n";
    sent.push_back(Clock::now());
    send_all(connection, event);
  }
  {
    const std::lock_guard lock(mutex_);
    sent_ = std::move(sent);
  }
  send_all(connection, "event: done\ndata: {}\n\n");
}

}  // namespace rellama::bench

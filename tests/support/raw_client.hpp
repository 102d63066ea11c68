#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rellama::test {

/// What arrived on a connection, and how the connection ended.
struct Answer {
  int status = 0;  ///< 0: there was no reply
  std::string head;
  std::string body;
  bool complete = false;  ///< the body has its announced length
  bool reset = false;

  [[nodiscard]] nlohmann::json json() const { return nlohmann::json::parse(body); }

  /// Returns the value of a header, or "".
  [[nodiscard]] std::string header(const std::string& name) const {
    const std::size_t at = head.find("\r\n" + name + ": ");
    if (at == std::string::npos) return "";
    const std::size_t begin = at + name.size() + 4;
    return head.substr(begin, head.find("\r\n", begin) - begin);
  }
};

/// A socket connected to a server on loopback: an HTTP client too simple to hide anything.
class RawClient {
 public:
  explicit RawClient(int port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ =
        ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  ~RawClient() { close(); }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  [[nodiscard]] bool connected() const { return connected_; }

  void send(std::string_view bytes) const {
    ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  }

  /// Returns "" at the end of the connection.
  std::string receive() {
    std::array<char, 65536> buffer{};
    const ssize_t size = ::recv(socket_, buffer.data(), buffer.size(), 0);
    if (size < 0) reset_ = errno == ECONNRESET;
    return size > 0 ? std::string(buffer.data(), static_cast<std::size_t>(size)) : "";
  }

  /// Receives until what arrived contains `text`, or the connection ends, and returns all of it.
  std::string receive_until(std::string_view text) {
    std::string all;
    while (all.find(text) == std::string::npos) {
      const std::string part = receive();
      if (part.empty()) break;
      all += part;
    }
    return all;
  }

  void close() {
    if (socket_ >= 0) ::close(std::exchange(socket_, -1));
  }

  [[nodiscard]] bool was_reset() const { return reset_; }

  /// Whether the connection is open, and everything that the server has sent was received.
  [[nodiscard]] bool is_silent() const {
    char byte = 0;
    return ::recv(socket_, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && errno == EAGAIN;
  }

 private:
  int socket_;
  bool connected_ = false;
  bool reset_ = false;
};

inline void decode_chunks(Answer& answer) {
  std::string_view rest = answer.body;
  std::string decoded;
  while (!rest.empty()) {
    const std::size_t line = rest.find("\r\n");
    if (line == std::string_view::npos) break;
    const std::size_t size = std::stoul(std::string(rest.substr(0, line)), nullptr, 16);
    answer.complete = size == 0;
    rest.remove_prefix(line + 2);
    decoded += rest.substr(0, size);
    rest.remove_prefix(std::min(rest.size(), size + 2));
  }
  answer.body = std::move(decoded);
}

/// Sends one request and reads until the server closes the connection.
inline Answer exchange(int port, const std::string& method, const std::string& target,
                       const std::vector<std::pair<std::string, std::string>>& headers = {},
                       const std::string& body = "") {
  RawClient connection(port);
  std::string request = method + " " + target +
                        " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port) +
                        "\r\nConnection: close\r\n";
  for (const auto& [name, value] : headers) request += name + ": " + value + "\r\n";
  if (!body.empty()) request += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  connection.send(request + "\r\n" + body);

  std::string all;
  for (std::string part = connection.receive(); !part.empty(); part = connection.receive()) {
    all += part;
  }
  Answer answer;
  answer.reset = connection.was_reset();
  const std::size_t end = all.find("\r\n\r\n");
  if (end == std::string::npos) return answer;
  answer.head = all.substr(0, end + 2);
  answer.body = all.substr(end + 4);
  answer.status = std::stoi(answer.head.substr(9, 3));
  if (answer.header("Transfer-Encoding") == "chunked") {
    decode_chunks(answer);
  } else {
    answer.complete = std::to_string(answer.body.size()) == answer.header("Content-Length");
  }
  return answer;
}

}  // namespace rellama::test

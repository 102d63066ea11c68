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

#include "emulator/emulator.hpp"

namespace rellama::emulator::test {

/// What came back on a connection, down to how it ended.
struct Answer {
  int status = 0;  ///< 0: nothing was answered
  std::string head;
  std::string body;
  bool complete = false;  ///< the body is as long as announced
  bool reset = false;

  [[nodiscard]] nlohmann::json json() const { return nlohmann::json::parse(body); }

  /// The value of a header, or "".
  [[nodiscard]] std::string header(const std::string& name) const {
    const std::size_t at = head.find("\r\n" + name + ": ");
    if (at == std::string::npos) return "";
    const std::size_t begin = at + name.size() + 4;
    return head.substr(begin, head.find("\r\n", begin) - begin);
  }
};

/// A socket to the emulator; an HTTP client too simple to hide anything.
class RawConnection {
 public:
  explicit RawConnection(int port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ =
        ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  ~RawConnection() { ::close(socket_); }
  RawConnection(const RawConnection&) = delete;
  RawConnection& operator=(const RawConnection&) = delete;

  [[nodiscard]] bool connected() const { return connected_; }

  void send(std::string_view bytes) const {
    ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  }

  /// Empty at the end of the connection.
  std::string receive() {
    std::array<char, 65536> buffer{};
    const ssize_t size = ::recv(socket_, buffer.data(), buffer.size(), 0);
    if (size < 0) reset_ = errno == ECONNRESET;
    return size > 0 ? std::string(buffer.data(), static_cast<std::size_t>(size)) : "";
  }

  [[nodiscard]] bool was_reset() const { return reset_; }

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

/// Sends one request and reads until the server closes.
inline Answer exchange(int port, const std::string& method, const std::string& target,
                       const std::vector<std::pair<std::string, std::string>>& headers = {},
                       const std::string& body = "") {
  RawConnection connection(port);
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

}  // namespace rellama::emulator::test

#pragma once

#include <httplib.h>

#include <array>
#include <cstddef>
#include <string>

namespace rellama::emulator {

/// A connected socket, as cpp-httplib reads and writes it.
class Connection : public httplib::Stream {
 public:
  explicit Connection(socket_t socket) : socket_(socket) {}

  /// Whether a request begins before the connection has been idle for too long.
  [[nodiscard]] bool await_request();

  enum class HangUp { close, reset };
  /// From now on nothing is sent; how the connection ends once it is closed.
  void hang_up(HangUp how);
  [[nodiscard]] bool is_silent() const { return silent_; }

  [[nodiscard]] bool is_readable() const override;
  /// False once the other side has gone away.
  [[nodiscard]] bool is_writable() const override;
  ssize_t read(char* to, size_t size) override;
  ssize_t write(const char* from, size_t size) override;
  void get_remote_ip_and_port(std::string& ip, int& port) const override;
  void get_local_ip_and_port(std::string& ip, int& port) const override;
  [[nodiscard]] socket_t socket() const override { return socket_; }

 private:
  [[nodiscard]] bool wait_for(short event) const;
  [[nodiscard]] bool fill();

  socket_t socket_;
  std::array<char, 16 * 1024> buffer_{};
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  bool silent_ = false;
};

/// How long a connection may be idle.
inline constexpr int kIdleSeconds = 60;

}  // namespace rellama::emulator

#pragma once

#include <httplib.h>

#include <mutex>
#include <set>
#include <string>

#include "emulator/connection.hpp"

namespace rellama::emulator {

/// cpp-httplib's server with a socket loop of our own: idle connections cost no polling, `close`
/// ends every connection at once, and a handler can hang up without an answer.
class HttpServer : public httplib::Server {
 public:
  HttpServer();

  /// The port, or 0 if it cannot be had.
  [[nodiscard]] int bind(const std::string& host, int port);

  /// Makes `listen_after_bind` return and ends all connections. Any thread.
  void close();

  /// For a handler: nothing more is sent on the connection it answers.
  static void hang_up(Connection::HangUp how);

 private:
  bool process_and_close_socket(socket_t socket) override;

  std::mutex mutex_;
  std::set<socket_t> connections_;
  bool closing_ = false;
};

}  // namespace rellama::emulator

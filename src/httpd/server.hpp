#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "httpd/exchange.hpp"
#include "httpd/request.hpp"

namespace rellama::httpd {

struct ServerOptions {
  std::string host = "127.0.0.1";
  int port = 0;                                 ///< 0: any free port
  std::size_t longest_body = 64 * 1024 * 1024;  ///< a longer request body is refused with 413
  /// The refusal, for a request without its body; empty: a line of text.
  std::function<Reply(const Request&)> refuse_body = {};
  std::chrono::seconds idle_timeout{60};     ///< without a byte from or to the client
  std::size_t most_connections = 1'000'000;  ///< at a time; others wait, or are refused
  bool use_epoll = true;                     ///< where the system has it; otherwise poll
};

/// An HTTP/1.1 server: GNU libmicrohttpd on one thread, and a second thread for timers and for
/// clients that disconnect. Any number of replies can be open at a time.
class Server {
 public:
  /// Called on the server's thread for each request. It must not block: it can keep the exchange
  /// and reply later. If it throws, the client receives a 500.
  using Handler = std::function<void(Request, Exchange)>;

  Server(ServerOptions options, Handler handler);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Listens: connections wait until `start`, and the port is known. Throws rellama::Error
  /// (network) if the port is in use.
  void listen();

  /// Listens, unless it does already, and starts to serve. Throws like `listen`.
  void start();

  /// Waits until every request so far has its whole reply, at most `limit`.
  void finish(std::chrono::milliseconds limit);

  /// Ends all exchanges and connections, and waits for the threads. Not to be called from a
  /// callback. Idempotent.
  void stop();

  /// The port that the server listens on, once it does.
  [[nodiscard]] int port() const noexcept;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace rellama::httpd

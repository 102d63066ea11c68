#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "support/certificates.hpp"

namespace rellama::test {

/// A TLS server on loopback that relays to a plain HTTP server, as a gateway does: it adds
/// `X-Forwarded-Proto: https` to each request.
class TlsFront {
 public:
  TlsFront(const Certificate& certificate, int plain_port);
  ~TlsFront();
  TlsFront(const TlsFront&) = delete;
  TlsFront& operator=(const TlsFront&) = delete;

  [[nodiscard]] std::string url() const { return "https://127.0.0.1:" + std::to_string(port_); }

  /// The number of connections so far.
  [[nodiscard]] int connections() const { return connections_; }

 private:
  struct Context;

  void accept_all();
  void relay(int client);
  /// Waits until one of two descriptors is readable; false if the front ends.
  [[nodiscard]] bool wait_for(int first, int second, bool& first_ready, bool& second_ready) const;

  std::unique_ptr<Context> context_;
  int plain_port_;
  int listener_ = -1;
  int port_ = 0;
  std::array<int, 2> stop_pipe_{-1, -1};
  std::atomic<int> connections_{0};
  std::vector<std::thread> relays_;
  std::thread acceptor_;
};

}  // namespace rellama::test

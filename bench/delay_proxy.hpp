#pragma once

#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

namespace rellama::bench {

/// A loopback proxy that makes a server seem far away: it delays data by half of `round_trip`, and
/// a new connection by one more round trip, as its handshake would.
class DelayProxy {
 public:
  DelayProxy(int server_port, std::chrono::milliseconds round_trip);
  ~DelayProxy();
  DelayProxy(const DelayProxy&) = delete;
  DelayProxy& operator=(const DelayProxy&) = delete;

  [[nodiscard]] int port() const { return port_; }

 private:
  void accept_all();
  void relay(int client);

  int server_port_;
  std::chrono::milliseconds round_trip_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> ended_{false};
  std::vector<std::thread> relays_;
  std::thread acceptor_;
};

}  // namespace rellama::bench

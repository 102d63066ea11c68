#pragma once

#include <chrono>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace rellama::bench {

/// Just enough of Replicate for one prediction whose tokens leave one by one, each at a known
/// time. The emulator cannot tell when a token went out; this can.
class PacedServer {
 public:
  PacedServer(int tokens, std::chrono::microseconds interval);
  ~PacedServer();
  PacedServer(const PacedServer&) = delete;
  PacedServer& operator=(const PacedServer&) = delete;

  [[nodiscard]] std::string base_url() const;
  [[nodiscard]] std::string stream_url() const;

  /// The text of a token: no two are the same, none is part of another.
  [[nodiscard]] static std::string token(int index);
  /// When each token of the last stream was handed to the kernel.
  [[nodiscard]] std::vector<std::chrono::steady_clock::time_point> sent() const;

 private:
  void serve();
  void answer(int connection);
  void stream(int connection);

  int tokens_;
  std::chrono::microseconds interval_;
  int listener_ = -1;
  int port_ = 0;
  mutable std::mutex mutex_;
  std::vector<std::chrono::steady_clock::time_point> sent_;
  std::thread thread_;
};

}  // namespace rellama::bench

#pragma once

#include <chrono>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace rellama::bench {

/// A minimal Replicate server for one prediction that sends tokens one by one and records when.
/// (The emulator does not know when a token was sent.)
class PacedServer {
 public:
  PacedServer(int tokens, std::chrono::microseconds interval);
  ~PacedServer();
  PacedServer(const PacedServer&) = delete;
  PacedServer& operator=(const PacedServer&) = delete;

  [[nodiscard]] std::string base_url() const;
  [[nodiscard]] std::string stream_url() const;

  /// The text of a token. All are different, and none is part of another.
  [[nodiscard]] static std::string token(int index);
  /// When each token of the last stream was passed to the kernel.
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

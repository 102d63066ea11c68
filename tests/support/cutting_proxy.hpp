#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace rellama::test {

/// The direction of data.
enum class Direction { request, answer };

/// How a connection breaks.
enum class Break {
  reset,
  eof,
  stall,  ///< it stays open, but nothing more is passed on
};

/// Where to break a connection: before the byte at `offset` in one direction.
struct Cut {
  std::size_t connection = 0;  ///< 0 for the proxy's first
  Direction direction = Direction::answer;
  std::size_t offset = 0;
  Break how = Break::eof;
};

/// Relays connections on loopback to a server on `port`, and breaks one of them.
class CuttingProxy {
 public:
  explicit CuttingProxy(int port, std::optional<Cut> cut = {});
  ~CuttingProxy();
  CuttingProxy(const CuttingProxy&) = delete;
  CuttingProxy& operator=(const CuttingProxy&) = delete;

  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

  /// Whether the connection has been cut.
  [[nodiscard]] bool has_cut() const { return has_cut_; }

  /// The bytes sent so far over each connection: request, answer.
  [[nodiscard]] std::vector<std::array<std::size_t, 2>> counts() const;

 private:
  void accept_all();
  void relay(int client, std::size_t number);
  [[nodiscard]] bool pass(int from, int to, std::size_t number, Direction direction);
  void break_off(int client);
  [[nodiscard]] bool wait_for(int first, int second, bool& first_ready, bool& second_ready) const;

  int upstream_port_;
  std::optional<Cut> cut_;
  int listener_ = -1;
  int port_ = 0;
  std::array<int, 2> stop_pipe_{-1, -1};
  std::atomic<bool> has_cut_{false};
  mutable std::mutex mutex_;
  std::vector<std::array<std::size_t, 2>> counts_;
  std::vector<std::thread> relays_;
  std::thread acceptor_;
};

}  // namespace rellama::test

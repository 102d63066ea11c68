#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "httpd/hangups.hpp"

namespace rellama::httpd {

/// Something that a Watcher looks after.
class Watched {
 public:
  virtual ~Watched() = default;

  /// The time has come.
  virtual void wake() = 0;
  /// The client has disconnected, or the watcher stops.
  virtual void hung_up() = 0;
};

/// The server's second thread. libmicrohttpd does not notice that the client of a suspended
/// connection has gone, and has no timers; this does and has. Thread-safe.
class Watcher {
 public:
  using Clock = std::chrono::steady_clock;

  explicit Watcher(std::unique_ptr<Hangups> hangups);
  ~Watcher();
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;

  /// A number that identifies one Watched below.
  [[nodiscard]] std::uint64_t new_id();

  /// Calls `who->hung_up` when the client at `socket` disconnects. Returns false if the watcher has
  /// stopped. Further calls with the same id do nothing.
  [[nodiscard]] bool watch(std::uint64_t id, const std::weak_ptr<Watched>& who, int socket);

  /// Calls `who->wake` at `time`, which replaces an earlier time.
  void schedule(std::uint64_t id, const std::weak_ptr<Watched>& who, Clock::time_point time);

  /// Undoes `watch` and `schedule`. Call it before the socket is closed.
  void forget(std::uint64_t id);

  /// Calls `hung_up` of everything watched and ends the thread.
  void stop();

 private:
  struct Entry {
    std::weak_ptr<Watched> who;
    std::optional<int> socket = {};
    std::optional<Clock::time_point> time = {};
  };

  void run();
  [[nodiscard]] std::optional<Clock::time_point> next_time();
  [[nodiscard]] std::vector<std::shared_ptr<Watched>> take_due();
  [[nodiscard]] std::vector<std::shared_ptr<Watched>> find(const std::vector<std::uint64_t>& ids);

  std::unique_ptr<Hangups> hangups_;
  std::mutex mutex_;  // guards what follows
  std::uint64_t last_id_ = 0;
  bool stopping_ = false;
  std::unordered_map<std::uint64_t, Entry> entries_;
  std::set<std::pair<Clock::time_point, std::uint64_t>> times_;
  std::thread thread_;
};

}  // namespace rellama::httpd

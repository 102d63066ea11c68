#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "http/authorities.hpp"
#include "http/recorded_exchange.hpp"
#include "http/request.hpp"
#include "http/transfer.hpp"
#include "rellama/stop.hpp"

namespace rellama::http {

/// How connections are made.
struct ConnectionOptions {
  AuthorityPlaces authorities = {};  ///< for servers and https proxies
  std::string proxy = {};            ///< URL; empty: use the environment's
  bool no_proxy = false;             ///< use none
  std::chrono::milliseconds connect_timeout{10'000};
  std::string user_agent;
  RecordFunction record = {};  ///< if set, receives every exchange
};

/// libcurl's event loop, run on the calling thread. Any number of transfers share its connections,
/// of which there are at most three quarters of the descriptors that the process may have; further
/// transfers wait for one.
class Loop {
 public:
  /// Throws Error (invalid_input) if the proxy's URL is unusable.
  explicit Loop(ConnectionOptions options);
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  /// Starts a request whose response body is read as it arrives. Throws Error (invalid_input) if it
  /// would go through a proxy from the environment with an unusable URL.
  [[nodiscard]] Transfer open(const Request& request);

  /// Waits until something happens to a transfer, `wake` is called, or `until`, and handles it.
  /// Throws std::bad_alloc if a transfer may never end because of a lack of memory.
  void turn(Clock::time_point until);

  /// Ends the current `turn`, or the next one if there is none. Thread-safe.
  void wake() noexcept;

  /// Replaces `owners` with those of the transfers for which something has arrived since the last
  /// call (see Transfer::report_news_of).
  void take_news(std::vector<void*>& owners);

  /// Reads the rest of a response into `response`. Returns nullopt if it is complete, otherwise the
  /// reason why not. What has arrived stays in `response`, so a caller can continue with a later
  /// `until`. A body larger than `kMaxBodyBytes` is a failure.
  [[nodiscard]] std::optional<Failure> finish(Transfer& transfer, Response& response,
                                              const StopToken& stop, Clock::time_point until);

  /// Sleeps for `duration`, or until `stop` requests a stop.
  void sleep(std::chrono::milliseconds duration, const StopToken& stop);

  static constexpr std::size_t kMaxBodyBytes = std::size_t{64} << 20;

 private:
  friend class Transfer;
  struct Core;
  struct Multi;
  void choose_proxy(const Request& request, Transfer::State& state);
  [[nodiscard]] bool is_on_this_machine(const std::string& url);
  void attach(Transfer::State& state);
  void detach(Transfer::State& state) noexcept;

  ConnectionOptions options_;
  Authorities authorities_;
  std::unique_ptr<Core> core_;
};

/// The Content-Length of a response, at most 4 MiB since it cannot be trusted; 0 if there is none.
[[nodiscard]] std::size_t announced_size(const Headers& headers) noexcept;

}  // namespace rellama::http

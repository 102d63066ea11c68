#pragma once

#include <memory>
#include <string>
#include <vector>

#include "emulator/options.hpp"
#include "emulator/recorded_request.hpp"

namespace rellama::emulator {

/// Replicate's API, or a Cog container's, on loopback, with canned answers. It runs on two threads
/// of its own from `start` until `stop`.
class Emulator {
 public:
  /// Throws rellama::Error (invalid_input) for a fault that it does not understand, for a host that
  /// is not loopback, and for a recording that cannot be replayed.
  explicit Emulator(const EmulatorOptions& options);
  ~Emulator();
  Emulator(const Emulator&) = delete;
  Emulator& operator=(const Emulator&) = delete;

  /// Starts to serve. Throws rellama::Error (network) if the port is in use. An emulator that was
  /// stopped does not start again.
  void start();

  /// Closes all connections and waits for the threads. Idempotent.
  void stop();

  [[nodiscard]] int port() const noexcept;
  /// `http://127.0.0.1:PORT/v1`, or `http://127.0.0.1:PORT` for a container. The path of a replay
  /// is that of the recorded API.
  [[nodiscard]] std::string base_url() const;

  /// The requests received so far, oldest first. Only the latest 10,000 are kept.
  [[nodiscard]] std::vector<RecordedRequest> requests() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace rellama::emulator

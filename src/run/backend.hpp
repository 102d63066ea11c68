#pragma once

#include <memory>
#include <string_view>
#include <utility>

#include "emulator/emulator.hpp"
#include "options/connection.hpp"
#include "options/context.hpp"
#include "rellama/backend.hpp"

namespace rellama::program {

/// Passes a backend's log lines to whoever shows the current answer.
class LogRelay {
 public:
  LogRelay() = default;
  LogRelay(const LogRelay&) = delete;
  LogRelay& operator=(const LogRelay&) = delete;

  /// What the backend logs to. Must not outlive the relay.
  [[nodiscard]] LogFunction function() {
    return [this](LogLevel level, std::string_view line) {
      if (target_) target_(level, line);
    };
  }

  /// Sends lines to `target` for as long as it exists.
  class Scope {
   public:
    Scope(LogRelay& relay, LogFunction target)
        : relay_(relay), previous_(std::exchange(relay.target_, std::move(target))) {}
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;
    ~Scope() { relay_.target_ = std::move(previous_); }

   private:
    LogRelay& relay_;
    LogFunction previous_;
  };

 private:
  LogFunction target_;
};

/// What it takes to reach Replicate, or the built-in emulator in its place.
struct HostedAccess {
  std::unique_ptr<emulator::Emulator> demo;  ///< null without --demo
  ClientOptions client;
  ReplicateBackend::TokenFunction token;
};

/// Access to hosted models as the options describe it. `options` and `context` must outlive it.
/// Throws Error (invalid_input).
[[nodiscard]] HostedAccess open_hosted(const ConnectionOptions& options, bool demo,
                                       const Context& context);

/// A backend and everything that must live as long as it does.
struct OpenBackend {
  std::unique_ptr<emulator::Emulator> demo;  ///< null without --demo
  std::unique_ptr<LogRelay> log;
  std::unique_ptr<Backend> backend;
};

/// The backend that the options select: a container, the built-in emulator, or Replicate. It reads
/// the token when it first needs it. Throws Error (invalid_input).
[[nodiscard]] OpenBackend open_backend(const ConnectionOptions& options, bool demo,
                                       const Context& context);

}  // namespace rellama::program

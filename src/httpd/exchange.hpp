#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string_view>

#include "httpd/reply.hpp"

namespace rellama::httpd {

class ExchangeState;

/// A request that is waiting for its reply. Call `reply` for a reply that is known, or `begin`,
/// then `send` any number of times, then `finish`. Both may happen at any time after the handler
/// has returned, from any thread.
///
/// All copies refer to the same exchange. If the last copy is destroyed before the reply is
/// complete, the client receives a 500, or a broken connection if part of the reply was sent.
///
/// All functions are thread-safe. Once the client has gone, they do nothing.
class Exchange {
 public:
  using Clock = std::chrono::steady_clock;

  explicit Exchange(std::shared_ptr<ExchangeState> state);

  /// Sends a complete reply. Only the first `reply` or `begin` counts.
  void reply(Reply reply) const;

  /// Starts a reply whose body follows. The client receives the head at once.
  void begin(Head head) const;

  /// Sends part of the body. Bytes that the client has not read yet are kept in memory: send large
  /// bodies from `on_ready`.
  void send(std::string_view bytes) const;

  /// Ends the body.
  void finish() const;

  /// Closes the connection without a reply, or in the middle of the body, after what was sent.
  void abort() const;

  /// Like `abort`, but with a TCP reset.
  void reset() const;

  /// Calls `ready` on the server's thread when everything sent has been written to the connection,
  /// after each `wake`, and once soon after this call. `ready` must not block. If it throws, the
  /// client receives a 500 or a broken connection.
  void on_ready(std::function<void()> ready) const;

  /// Has `ready` called soon.
  void wake() const;

  /// Has `ready` called at `time`, once. A later call replaces the time.
  void wake_at(Clock::time_point time) const;

  /// Calls `gone` once if the client disconnects, or the server stops, before the reply is
  /// complete; at once if that has happened already. A client that closes only its own side of the
  /// connection counts as disconnected. `gone` may be called on any thread and must neither block
  /// nor throw.
  void on_gone(std::function<void()> gone) const;

  /// Returns whether the client has disconnected before the reply was complete.
  [[nodiscard]] bool is_gone() const;

  /// The same as of now: asks the connection, which costs a system call.
  [[nodiscard]] bool has_hung_up() const;

 private:
  class Lease;
  std::shared_ptr<Lease> lease_;
};

}  // namespace rellama::httpd

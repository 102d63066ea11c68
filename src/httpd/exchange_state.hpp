#pragma once

#include <microhttpd.h>
#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "httpd/reply.hpp"
#include "httpd/watcher.hpp"

namespace rellama::httpd {

/// How a reply ends.
enum class Ending { open, complete, aborted, reset };

/// What an Exchange, libmicrohttpd and the watcher share. While there is nothing to send, the
/// connection is suspended: libmicrohttpd leaves it alone, and the watcher looks after it.
class ExchangeState final : public Watched, public std::enable_shared_from_this<ExchangeState> {
 public:
  /// `head_only`: the reply has no body, since the request is a HEAD request.
  ExchangeState(MHD_Connection* connection, Watcher& watcher, bool head_only);

  // For Exchange, on any thread.
  void reply(Reply reply);
  void begin(Head head);
  void send(std::string_view bytes);
  void end(Ending ending);
  void abandon();
  void on_ready(std::function<void()> ready);
  void on_gone(std::function<void()> gone);
  void wake_at(Watcher::Clock::time_point time);
  [[nodiscard]] bool is_gone() const;
  [[nodiscard]] bool has_hung_up() const;

  // For the watcher, on its thread; `wake` also for Exchange.
  void wake() override;
  void hung_up() override;

  // For the server, on libmicrohttpd's thread.

  /// Queues the response if its head is known, and otherwise suspends the connection. Called again
  /// after each resumption. MHD_NO closes the connection.
  [[nodiscard]] MHD_Result answer();

  /// As MHD_ContentReaderCallback.
  [[nodiscard]] ssize_t read(char* to, std::size_t size);

  /// The request is over, and with it the connection as far as this exchange is concerned.
  void completed();

 private:
  using Callback = std::shared_ptr<const std::function<void()>>;
  using Lock = std::unique_lock<std::mutex>;

  /// Calls `on_ready_`, or suspends the connection if that has been done since the last wake-up.
  /// Returns false when there is nothing more to do for now.
  [[nodiscard]] bool wait(Lock& lock, bool& asked);
  void call_ready(Lock& lock);
  [[nodiscard]] MHD_Result queue_response(Lock& lock);
  [[nodiscard]] bool is_over() const { return connection_ == nullptr; }
  void resume();

  Watcher& watcher_;  // outlives every exchange that is not over
  const std::uint64_t id_;
  const int socket_;
  const bool head_only_;

  mutable std::mutex mutex_;    // guards what follows
  MHD_Connection* connection_;  // null when the request is over
  std::optional<Head> head_ = {};
  bool whole_ = false;  // the body is complete before the head is sent
  std::string body_ = {};
  std::size_t taken_ = 0;  // bytes of `body_` that libmicrohttpd has
  Ending ending_ = Ending::open;
  bool suspended_ = false;
  bool woken_ = false;
  bool gone_ = false;
  bool stopping_ = false;  // the server stops, so the connection must not be suspended
  Callback on_ready_ = {};
  Callback on_gone_ = {};
};

}  // namespace rellama::httpd

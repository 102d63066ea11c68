#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string_view>

#include "http/request.hpp"
#include "http/task.hpp"
#include "rellama/stop.hpp"

namespace rellama::http {

class Loop;

/// A request in progress, whose response is read as it arrives: by `wait`, or by a Runner.
/// Destroying it aborts the transfer. It must not outlive its loop.
class Transfer {
 public:
  /// Why `wait` returned.
  enum class Wake {
    bytes,      ///< the response headers are complete, or body bytes have arrived
    finished,   ///< the transfer has ended; see `failure`
    timed_out,  ///< nothing arrived before `until`
    stopped,    ///< the StopToken requested it
  };

  Transfer(Transfer&&) noexcept;
  Transfer& operator=(Transfer&&) noexcept;
  ~Transfer();

  /// Runs the loop until something arrives. `bytes` then has everything that has arrived.
  Wake wait(const StopToken& stop, Clock::time_point until);

  /// The body bytes that have arrived since the last `drop_bytes`.
  [[nodiscard]] std::string_view bytes() const noexcept;
  /// Clears `bytes`.
  void drop_bytes() noexcept;

  /// The status code; 0 until the response headers are complete.
  [[nodiscard]] int status() const noexcept;
  [[nodiscard]] const Headers& headers() const noexcept;
  [[nodiscard]] const Head& head() const noexcept;
  /// Whether the transfer has ended.
  [[nodiscard]] bool finished() const noexcept;
  /// Why the transfer failed, once it has finished; nullopt if the response is complete.
  [[nodiscard]] std::optional<Failure> failure() const;
  /// Whether any byte of the request may have been sent.
  [[nodiscard]] bool request_sent() const noexcept;

  /// Makes `Loop::take_news` return `owner` when something has arrived.
  void report_news_of(void* owner) noexcept;
  /// Whether the head has been completed since the last call.
  [[nodiscard]] bool take_head_news() noexcept;
  /// Reads nothing more until `resume`, so that the server has to wait.
  void pause() noexcept;
  void resume() noexcept;

 private:
  friend class Loop;
  struct State;
  Transfer(Loop& loop, std::unique_ptr<State> state);

  Loop* loop_;
  std::unique_ptr<State> state_;
};

}  // namespace rellama::http

#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string_view>

#include "http/request.hpp"
#include "rellama/stop.hpp"

namespace rellama::http {

class Loop;

/// One exchange in flight, read as it arrives. Destroying it closes it. It must not outlive its
/// loop.
class Transfer {
 public:
  /// What `wait` returned for.
  enum class Wake {
    bytes,      ///< the head of the answer is complete, or there are body bytes
    finished,   ///< the exchange is over; see `failure`
    timed_out,  ///< nothing came until the time given
    stopped,    ///< the StopToken asked for it
  };

  Transfer(Transfer&&) noexcept;
  Transfer& operator=(Transfer&&) noexcept;
  ~Transfer();

  /// Runs the loop until something arrives. All that has arrived by then is in `bytes` at once.
  Wake wait(const StopToken& stop, std::chrono::steady_clock::time_point until);

  /// The body bytes that have arrived and were not dropped yet.
  [[nodiscard]] std::string_view bytes() const noexcept;
  /// Forgets `bytes`.
  void drop_bytes() noexcept;

  /// The status code; 0 before the head of the answer is complete.
  [[nodiscard]] int status() const noexcept;
  [[nodiscard]] const Headers& headers() const noexcept;
  /// Why the exchange broke, once it is finished; nothing if the answer came whole.
  [[nodiscard]] std::optional<Failure> failure() const;
  /// Whether any byte of the request may have been sent.
  [[nodiscard]] bool request_sent() const noexcept;

 private:
  friend class Loop;
  struct State;
  Transfer(Loop& loop, std::unique_ptr<State> state);

  Loop* loop_;
  std::unique_ptr<State> state_;
};

}  // namespace rellama::http

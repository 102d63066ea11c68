#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "http/task.hpp"
#include "rellama/prediction.hpp"
#include "replicate/failure.hpp"
#include "replicate/retry.hpp"

namespace rellama::replicate {

class Api;

/// What a stop does to an exchange that has begun.
enum class OnStop {
  end,     ///< ends it
  finish,  ///< leaves it `Exchange::kGrace` to end by itself
};

/// What an Exchange sends, and how.
struct ExchangePlan {
  http::Request request;
  Attempt attempt;
  Repeat repeat = Repeat::freely;
  std::chrono::milliseconds timeout;  ///< for one request and its response
  bool follows_redirects = false;     ///< within the API
  OnStop on_stop = OnStop::end;
  std::optional<int> retries = {};  ///< instead of those of the client
  /// When the exchange must have ended, with its retries.
  http::Clock::time_point limit = http::Step::kNever;
};

/// A GET of `url`, which must have the API's origin.
[[nodiscard]] ExchangePlan plan_get(const Api& api, std::string url, Attempt attempt);

/// A POST to `request.url`, which must have the API's origin. The response may take `extra` longer
/// than the usual timeout.
[[nodiscard]] ExchangePlan plan_post(const Api& api, http::Request request, Repeat repeat,
                                     std::chrono::milliseconds extra, Attempt attempt);

/// A request that cancels `prediction`.
[[nodiscard]] ExchangePlan plan_cancel(const Api& api, const Prediction& prediction,
                                       Attempt attempt);

/// One request to the API and its whole response:
///
///     pacer ──▶ send ──▶ response ──2xx──▶ done
///       ▲         │          └── redirect: send to there
///       └─ delay ◀┴── may be repeated: no response, 429, 408, 5xx
///
/// Throws Error unless the final status is 2xx. If a stop is requested while a create is under way,
/// it waits `kGrace` longer for the response: the prediction can be canceled only if its ID is
/// known.
class Exchange final : public http::Task {
 public:
  Exchange(Api& api, ExchangePlan plan);

  http::Step handle(const http::Event& event) override;

  /// The response, once the exchange is done.
  [[nodiscard]] http::Response take_response() { return std::move(response_); }
  [[nodiscard]] const Attempt& attempt() const noexcept { return plan_.attempt; }
  /// The error for a response that could not be read because of `why`, without secrets.
  [[nodiscard]] Error unreadable(const http::Response& response, const std::string& why) const;
  /// Whether a stop was requested.
  [[nodiscard]] bool was_stopped() const noexcept { return stop_.has_value(); }

  /// Whether nothing of it is under way: it waits for its turn.
  [[nodiscard]] bool is_waiting() const noexcept { return state_ == State::waiting; }

  static constexpr std::chrono::milliseconds kGrace{2'000};

 private:
  http::Step advance(const http::Event& event);
  http::Step queue(http::Clock::time_point now);
  http::Step send(http::Clock::time_point now);
  http::Step read(const http::Event& event);
  http::Step end(const http::Event& event);
  http::Step fail(const http::Failure& failure, http::Clock::time_point now);
  http::Step conclude(http::Clock::time_point now);
  http::Step redirect();
  http::Step retry(std::optional<std::chrono::milliseconds> requested, const Error& error,
                   http::Clock::time_point now);
  http::Step stop(const http::Event& event);
  [[nodiscard]] int max_retries() const;
  [[nodiscard]] bool is_throttled_among_others();
  [[nodiscard]] Error stopped(bool request_sent) const;
  void log_response(const std::string& result, http::Clock::time_point now) const;

  enum class State { waiting, sending };

  Api& api_;
  ExchangePlan plan_;
  http::Response response_;
  State state_ = State::waiting;
  std::optional<http::Clock::time_point> reserved_ = {};  // when the pacer gave it a time
  http::Clock::time_point sent_at_ = {};
  http::Clock::time_point until_ = {};  // of the response, or of the delay before sending
  std::optional<ErrorKind> stop_ = {};
  std::size_t accepted_before_ = 0;  // by the pacer's count, at the last 429
  int retries_ = 0;
  int redirects_ = 0;
};

}  // namespace rellama::replicate

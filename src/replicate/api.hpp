#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "http/loop.hpp"
#include "rellama/client.hpp"
#include "replicate/endpoint.hpp"
#include "replicate/failure.hpp"
#include "replicate/retry.hpp"

namespace rellama::replicate {

/// One API, one token, one set of connections. Every request to Replicate goes through this class.
class Api {
 public:
  /// Without a token, requests go out unauthenticated.
  Api(std::optional<ApiToken> token, ClientOptions options);

  /// GETs `url`, which must have the API's origin. Retries as needed and follows redirects within
  /// the API. Throws Error unless the final status is 2xx.
  http::Response get(const std::string& url, const Attempt& attempt, const StopToken& stop);

  /// Sends `request` with the method QUERY, which changes nothing, so it is retried as needed. Does
  /// not follow redirects. Throws Error unless the status is 2xx.
  http::Response query(http::Request request, const Attempt& attempt, const StopToken& stop);

  /// POSTs to `request.url`, which must have the API's origin. The response may take `extra` longer
  /// than the usual timeout. Does not follow redirects. Throws Error unless the status is 2xx.
  /// If a stop is requested while waiting for a request that must not be repeated, the call waits
  /// `kGrace` longer for the response: the prediction can be canceled only if its ID is known.
  http::Response post(http::Request request, Repeat repeat, std::chrono::milliseconds extra,
                      const Attempt& attempt, const StopToken& stop);

  /// Opens the event stream at `url` (which must not be Trust::refused), with the token if it may
  /// be sent there. `last_event_id`: the event to resume after; empty for the first connection.
  http::Transfer open_stream(const std::string& url, const std::string& last_event_id);

  /// Requests the file at `url`, with the token if `trust` is Trust::token.
  http::Transfer open_file(const std::string& url, http::Headers headers, Endpoint::Trust trust);

  void log(LogLevel level, const std::string& line) const;

  [[nodiscard]] const Endpoint& endpoint() const noexcept { return endpoint_; }
  [[nodiscard]] const ClientOptions& options() const noexcept { return options_; }
  [[nodiscard]] http::Loop& loop() noexcept { return loop_; }

  static constexpr std::chrono::milliseconds kGrace{2'000};

 private:
  http::Response exchange(const http::Request& request, Repeat repeat,
                          std::chrono::milliseconds timeout, const Attempt& attempt,
                          const StopToken& stop);
  std::optional<http::Failure> send(const http::Request& request, http::Response& response,
                                    Repeat repeat, std::chrono::milliseconds timeout,
                                    const StopToken& stop);
  void hide_token(http::Response& response) const;
  void wait_to_retry(int retry, std::optional<std::chrono::milliseconds> requested,
                     const Error& error, const StopToken& stop);

  [[nodiscard]] const ApiToken* token() const noexcept { return token_ ? &*token_ : nullptr; }

  std::optional<ApiToken> token_;
  ClientOptions options_;
  Endpoint endpoint_;
  http::Loop loop_;
};

/// The value of the User-Agent header.
[[nodiscard]] std::string user_agent();

}  // namespace rellama::replicate

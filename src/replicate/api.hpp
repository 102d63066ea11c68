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

/// One API, one token, one set of connections: every exchange with Replicate goes through here.
class Api {
 public:
  Api(ApiToken token, ClientOptions options);

  /// GETs `url`, which must be the API's own. Repeated freely, redirects followed; the answer's
  /// status is 2xx. Throws Error.
  http::Response get(const std::string& url, const Attempt& attempt, const StopToken& stop);

  /// Searches: the method QUERY, which changes nothing and so may be repeated freely. Never
  /// redirected. Throws Error if the answer is not 2xx.
  http::Response query(http::Request request, const Attempt& attempt, const StopToken& stop);

  /// POSTs to the API's own `request.url`, whose answer may take `extra` longer than others. Never
  /// redirected. Throws Error if the answer is not 2xx.
  /// If `stop` comes while a request that is not to be repeated is under way, its answer is awaited
  /// for `kGrace` more: whoever knows the id can still cancel.
  http::Response post(http::Request request, Repeat repeat, std::chrono::milliseconds extra,
                      const Attempt& attempt, const StopToken& stop);

  /// Opens an event stream at `url` (which must not be Trust::refused), with the token if the URL
  /// may have it. `last_event_id`: what to go on behind; empty at the first time.
  http::Transfer open_stream(const std::string& url, const std::string& last_event_id);

  /// Asks for a file at `url`, which may have the token or not by `trust`.
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
  void wait_to_repeat(int attempt_number, std::optional<std::chrono::milliseconds> requested,
                      const Error& error, const StopToken& stop);

  ApiToken token_;
  ClientOptions options_;
  Endpoint endpoint_;
  http::Loop loop_;
};

/// What names us to the server.
[[nodiscard]] std::string user_agent();

}  // namespace rellama::replicate

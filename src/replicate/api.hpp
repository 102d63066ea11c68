#pragma once

#include <optional>
#include <string>

#include "http/loop.hpp"
#include "http/task.hpp"
#include "rellama/client.hpp"
#include "replicate/create_ledger.hpp"
#include "replicate/endpoint.hpp"
#include "replicate/exchange.hpp"
#include "replicate/pacer.hpp"
#include "replicate/shared_listings.hpp"
#include "wire/secret_mask.hpp"

namespace rellama::replicate {

/// One API, one token, one set of connections, and what is known about the API's limits. Every
/// request to Replicate is made with this.
class Api {
 public:
  /// Without a token, requests go out unauthenticated.
  Api(std::optional<ApiToken> token, ClientOptions options);

  /// Performs one exchange. Throws Error unless its final status is 2xx.
  http::Response perform(ExchangePlan plan, const StopToken& stop);

  /// The request for the event stream at `url` (which must not be Trust::refused), with the token
  /// if it may be sent there. `last_event_id`: the event to resume after; empty for the first
  /// connection.
  [[nodiscard]] http::Request stream_request(const std::string& url,
                                             const std::string& last_event_id) const;

  /// Requests the file at `url`, with the token if `trust` is Trust::token.
  http::Transfer open_file(const std::string& url, http::Headers headers, Endpoint::Trust trust);

  /// What a server must not repeat: the token, the gateway's header, and the secrets of the inputs
  /// that were sent. Everything it says passes this before it is shown, logged or returned.
  [[nodiscard]] wire::SecretMask& secrets() noexcept { return secrets_; }
  void hide_secrets(http::Response& response) const;
  /// The output stays as it is: what was shown of it is compared with what arrives next.
  void hide_secrets(Prediction& prediction) const;
  void hide_secrets(Output& output) const;
  [[nodiscard]] Error without_secrets(const Error& error) const;

  /// Hides secrets.
  void log(LogLevel level, const std::string& line) const;

  /// Whether the event stream may use the connection of the create request, which saves two round
  /// trips. With many predictions it may not: streams then share HTTP/2 connections.
  [[nodiscard]] bool keeps_create_connections() const noexcept { return keeps_connections_; }
  void keep_create_connections(bool keep) noexcept { keeps_connections_ = keep; }

  [[nodiscard]] const Endpoint& endpoint() const noexcept { return endpoint_; }
  [[nodiscard]] Endpoint& endpoint() noexcept { return endpoint_; }
  [[nodiscard]] const ClientOptions& options() const noexcept { return options_; }
  /// The gateway's header, for a request to `url`; null if there is none, or `url` is elsewhere.
  [[nodiscard]] const SecretHeader* gateway_header(const std::string& url) const;
  [[nodiscard]] const ApiToken* token() const noexcept { return token_ ? &*token_ : nullptr; }
  [[nodiscard]] http::Loop& loop() noexcept { return loop_; }
  [[nodiscard]] Pacer& pacer() noexcept { return pacer_; }
  [[nodiscard]] CreateLedger& ledger() noexcept { return ledger_; }
  [[nodiscard]] SharedListings& listings() noexcept { return listings_; }

 private:
  [[nodiscard]] http::RecordFunction record_function() const;

  std::optional<ApiToken> token_;
  wire::SecretMask secrets_;
  ClientOptions options_;
  Endpoint endpoint_;
  http::Loop loop_;
  Pacer pacer_;
  CreateLedger ledger_;
  SharedListings listings_;
  bool keeps_connections_ = true;
};

/// What a client makes its requests with.
[[nodiscard]] Api& api_of(Client& client) noexcept;

/// The value of the User-Agent header.
[[nodiscard]] std::string user_agent();

}  // namespace rellama::replicate

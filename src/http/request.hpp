#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rellama/api_token.hpp"
#include "rellama/secret_header.hpp"

namespace rellama::http {

/// Header names and values. The names in a response are lower case.
using Headers = std::vector<std::pair<std::string, std::string>>;

/// The first value of `name` (lower case); empty if there is none.
[[nodiscard]] std::string_view find_header(const Headers& headers, std::string_view name) noexcept;

/// Whether a response is an event stream.
[[nodiscard]] bool is_event_stream(const Headers& headers);

/// Whether `status` redirects to another URL.
[[nodiscard]] constexpr bool is_redirect(int status) noexcept {
  return status >= 301 && status <= 308 && status != 304;
}

/// One request. Redirects are not followed, so that the caller decides where a token may be sent.
struct Request {
  std::string method = "GET";  ///< GET, or with a body: POST, PUT or QUERY
  std::string url;
  Headers headers = {};             ///< without Authorization
  const ApiToken* token = nullptr;  ///< sent as `Authorization: Bearer`; must outlive the transfer
  const SecretHeader* gateway_header = nullptr;  ///< must outlive the transfer
  std::string body = {};                         ///< not sent with GET
  /// Whether an open connection may be reused, and HTTP/2 used. libcurl resends a request by itself
  /// if a reused connection turns out to be dead, or if a server refuses it over HTTP/2, so this
  /// must be false if a request must not be sent twice: it then gets a new connection with
  /// HTTP/1.1.
  bool may_reuse_connection = true;
  /// Whether later requests may reuse the connection.
  bool keeps_connection = true;
  bool accepts_compression = true;  ///< allow a compressed response
};

/// A complete response.
struct Response {
  int status = 0;
  Headers headers;
  std::string body;
};

/// What Failure::why says if the cause is `no_memory`.
inline constexpr const char* kNoMemory = "out of memory";

/// Why there is no complete response.
struct Failure {
  enum class Cause {
    connection,           ///< DNS, connect, proxy, TLS handshake, or a broken transfer
    unknown_authority,    ///< the certificate is from an authority that is not trusted
    certificate_expired,  ///< or not valid yet
    certificate_host,     ///< the certificate is for another host
    authorities,          ///< the certificates of the trusted authorities cannot be used
    no_tls,               ///< https to a port that does not speak TLS
    tls,                  ///< http to a port that speaks TLS
    proxy_credentials,    ///< a proxy wants a user name and a password, or refused those it got
    proxy,                ///< a proxy refused to connect to this server
    timed_out,
    too_large,  ///< the response exceeds our memory limit
    stopped,    ///< requested by the caller's StopToken
    no_memory,  ///< this process has none left
  };
  Cause cause = Cause::connection;
  /// Whether any byte of the request may have been sent. If not, the server did not accept it.
  bool request_sent = false;
  std::string why = {};  ///< human-readable, often libcurl's own message
  /// Whether it concerns the proxy and not the server; nothing reached the server then.
  bool at_proxy = false;
};

/// What a user can do about a failure; empty if nothing is known to help.
[[nodiscard]] std::string remedy_for(const Failure& failure);

}  // namespace rellama::http

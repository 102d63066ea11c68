#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rellama/api_token.hpp"

namespace rellama::http {

/// Header names and values; the names of a response are in lower case.
using Headers = std::vector<std::pair<std::string, std::string>>;

/// The first value of `name` (in lower case); empty where there is none.
[[nodiscard]] std::string_view find_header(const Headers& headers, std::string_view name) noexcept;

/// Whether an answer of this status sends the client to another URL.
[[nodiscard]] constexpr bool is_redirect(int status) noexcept {
  return status >= 301 && status <= 308 && status != 304;
}

/// One request. Redirects are never followed here: whoever asks decides where a token may go.
struct Request {
  std::string method = "GET";  ///< GET, or POST or QUERY with a body
  std::string url;
  Headers headers = {};             ///< without Authorization
  const ApiToken* token = nullptr;  ///< sent as `Authorization: Bearer`; must outlive the transfer
  std::string body = {};            ///< of a POST or a QUERY
  /// Whether a connection that was used before will do. libcurl repeats a request by itself when
  /// such a connection turns out to be dead, so a request that must not be sent twice says no.
  bool may_reuse_connection = true;
  /// Whether a compressed answer is welcome.
  bool accepts_compression = true;
};

/// A whole answer.
struct Response {
  int status = 0;
  Headers headers;
  std::string body;
};

/// Why there is no (whole) answer.
struct Failure {
  enum class Cause {
    connection,   ///< DNS, connect, proxy, TLS hand-shake, or a broken transfer
    certificate,  ///< the server's certificate is not trusted
    timed_out,
    too_large,  ///< the answer is longer than we are willing to hold
    stopped,    ///< the caller's StopToken asked for it
  };
  Cause cause = Cause::connection;
  /// Whether any byte of the request may have left: if not, it was certainly not taken.
  bool request_sent = false;
  std::string why;  ///< libcurl's words, for people
};

}  // namespace rellama::http

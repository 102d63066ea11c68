#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace rellama {

/// Why an operation failed. Each kind has a row in the table behind `traits`.
enum class ErrorKind {
  internal,           ///< a bug in rellama or a local failure, such as a full disk
  invalid_input,      ///< rejected before sending, or rejected by the server as invalid (422)
  unauthorized,       ///< no token, or the token was refused (401, 403)
  not_found,          ///< no such model, version, deployment or prediction (404)
  payment_required,   ///< no credit or no payment method (402)
  rate_limited,       ///< throttled, even after waiting (429)
  network,            ///< DNS, connection, TLS or proxy
  server,             ///< 5xx, or an unreadable response
  prediction_failed,  ///< the model ran and failed
  canceled,           ///< canceled or aborted by someone else
  incomplete,         ///< part of the output was lost and could not be recovered
  may_have_started,   ///< a create request was sent, and whether it started a run is unknown
  deadline,           ///< the caller's own deadline passed
  hung_up,            ///< SIGHUP
  interrupted,        ///< SIGINT, Ctrl-C
  output_closed,      ///< the reader of the output closed it (SIGPIPE, EPIPE)
  terminated,         ///< SIGTERM
};

/// The properties of an error kind.
struct ErrorTraits {
  ErrorKind kind;
  std::string_view name;  ///< stable, for machine-readable output: "rate_limited"
  int exit_code;          ///< of the program; see the table in docs/manual.md
  /// Of a server that reports the error to its own client. 422 for everything that may have been
  /// billed: client libraries repeat a request after 408, 409, 429 and 5xx.
  int http_status;
  bool may_retry;      ///< whether the same request may succeed later, at no risk of a second bill
  bool may_be_billed;  ///< whether a run may have been started, and is or will be billed
};

/// The properties of `kind`.
[[nodiscard]] const ErrorTraits& traits(ErrorKind kind) noexcept;

/// The parts of an error message, which reads `failed: why (prediction ID); remedy`. Empty parts
/// are left out.
struct ErrorParts {
  std::string failed;
  std::string why = {};
  std::string remedy = {};
  std::string prediction_id = {};
  std::string input = {};  ///< for programs: the input that is wrong; not in the message
};

/// The only exception rellama throws. `what()` is the whole message, on one line unless a part sent
/// by the server contains newlines.
class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, ErrorParts parts);

  [[nodiscard]] ErrorKind kind() const noexcept { return kind_; }
  [[nodiscard]] const ErrorParts& parts() const noexcept { return parts_; }

 private:
  ErrorKind kind_;
  ErrorParts parts_;
};

}  // namespace rellama

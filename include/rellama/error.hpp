#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace rellama {

/// Why a piece of work stopped. Each kind is one row of the table behind `traits`.
enum class ErrorKind {
  internal,           ///< a defect of rellama or a local failure (a full disk, say)
  invalid_input,      ///< refused before it was sent, or refused by the server as invalid (422)
  unauthorized,       ///< no token, or the token was refused (401, 403)
  not_found,          ///< no such model, version, deployment or prediction (404)
  payment_required,   ///< credit or a payment method is missing (402)
  rate_limited,       ///< throttled, even after waiting (429)
  network,            ///< DNS, connection, TLS or proxy
  server,             ///< 5xx, or an answer that cannot be read
  prediction_failed,  ///< the model ran and failed
  canceled,           ///< canceled or aborted by somebody else
  incomplete,         ///< part of the output was lost and could not be recovered
  deadline,           ///< the caller's own deadline passed
  hung_up,            ///< SIGHUP
  interrupted,        ///< SIGINT, Ctrl-C
  output_closed,      ///< the reader of the output went away (SIGPIPE, EPIPE)
  terminated,         ///< SIGTERM
};

/// What follows from a kind.
struct ErrorTraits {
  ErrorKind kind;
  std::string_view name;  ///< stable, for machine-readable output: "rate_limited"
  int exit_code;          ///< of the program, see the README's table
  bool may_retry;         ///< whether the same request may succeed later, unchanged
};

/// The row of `kind`. Never throws.
[[nodiscard]] const ErrorTraits& traits(ErrorKind kind) noexcept;

/// The parts of an error message. It reads
/// `what failed: why (prediction ID); what to do`, with the empty parts left out.
struct ErrorParts {
  std::string failed;
  std::string why = {};
  std::string remedy = {};
  std::string prediction_id = {};
  /// Whether a prediction may have been started, and be billed, although creating it seems to have
  /// failed.
  bool may_have_started = false;
};

/// The only exception rellama throws. `what()` is the whole message, on one line unless the server
/// put line ends into a part.
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

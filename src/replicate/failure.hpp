#pragma once

#include <string>

#include "http/request.hpp"
#include "rellama/error.hpp"

namespace rellama::replicate {

/// Describes a request for the error message if it fails.
struct Attempt {
  std::string failed;              ///< "cannot read the prediction"
  std::string host;                ///< the host the request goes to
  std::string prediction_id = {};  ///< if it is known yet
  bool billed = false;             ///< a create: it may have been accepted although it failed
};

/// The error for a request without a complete response.
[[nodiscard]] Error error_for(const http::Failure& failure, const Attempt& attempt);

/// The error for a response whose status is not 2xx (docs/protocol.md §6).
[[nodiscard]] Error error_for(const http::Response& response, const Attempt& attempt);

/// The error for a response with status 2xx that cannot be parsed.
[[nodiscard]] Error error_for_unreadable(const http::Response& response, const std::string& why,
                                         const Attempt& attempt);

/// `error` marked as `may_have_started`, with the remedy for a create whose result is unknown.
[[nodiscard]] Error may_have_started(const Error& error);

}  // namespace rellama::replicate

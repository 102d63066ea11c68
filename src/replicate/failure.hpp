#pragma once

#include <string>

#include "http/request.hpp"
#include "rellama/error.hpp"

namespace rellama::replicate {

/// What was being done, for the error message if it fails.
struct Attempt {
  std::string failed;              ///< "cannot read the prediction"
  std::string host;                ///< who was asked
  std::string prediction_id = {};  ///< if there is one yet
  bool billed = false;             ///< a create: it may have been taken although it seems to fail
};

/// The error for an exchange that broke.
[[nodiscard]] Error error_for(const http::Failure& failure, const Attempt& attempt);

/// The error for an answer whose status is not 2xx (docs/protocol.md §6).
[[nodiscard]] Error error_for(const http::Response& response, const Attempt& attempt);

/// The error for an answer of status 2xx that says nothing we understand.
[[nodiscard]] Error error_for_unreadable(const http::Response& response, const std::string& why,
                                         const Attempt& attempt);

/// `error` with the remedy for a create whose fate is not known.
[[nodiscard]] Error may_have_started(const Error& error);

}  // namespace rellama::replicate

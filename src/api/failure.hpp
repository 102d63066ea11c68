#pragma once

#include <string>

#include "api/endpoint.hpp"
#include "rellama/error.hpp"

namespace rellama::api {

/// Why a request is not answered, or not to the end.
struct Failure {
  int status = 400;
  std::string message;     ///< what failed, why, and what to do
  std::string code = {};   ///< for programs: the kind of the error, such as "prediction_failed"
  std::string param = {};  ///< the field of the request that is wrong
};

/// The failure of a request. `was_made`: a prediction was created for it. Whatever may be billed is
/// 422, which no client library repeats.
[[nodiscard]] Failure failure_of(const Error& error, bool was_made);

/// The failure of a request that was under way when a signal ended the server.
[[nodiscard]] Failure stopped(int status);

/// The body of a reply, or the last event of a stream, in the protocol's own format.
[[nodiscard]] std::string render_failure(Protocol protocol, const Failure& failure);

}  // namespace rellama::api

#pragma once

#include <string>

#include "api/failure.hpp"
#include "httpd/reply.hpp"

namespace rellama::web {

inline constexpr int kStatusOk = 200;
inline constexpr int kStatusTooMany = 429;
inline constexpr int kStatusInternal = 500;
inline constexpr int kStatusUnavailable = 503;

/// A reply to a client of the API. `prediction`, if there is one, is its x-request-id.
[[nodiscard]] httpd::Reply api_reply(int status, std::string body,
                                     const std::string& prediction = {});

/// A reply with an error, in the format of the protocol.
[[nodiscard]] httpd::Reply api_failure(api::Protocol protocol, const api::Failure& failure,
                                       const std::string& prediction = {});

/// The start of an event stream, or of Ollama's lines.
[[nodiscard]] httpd::Head api_stream(const char* media_type, const std::string& prediction);

}  // namespace rellama::web

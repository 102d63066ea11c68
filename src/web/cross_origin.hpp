// Pages of other sites that may use the API: https://fetch.spec.whatwg.org/#http-cors-protocol

#pragma once

#include <string>

#include "httpd/reply.hpp"
#include "httpd/request.hpp"

namespace rellama::web {

/// An origin as browsers send it: in lower case, without a path. Throws Error (invalid_input) if
/// `text` is not one, such as "*".
[[nodiscard]] std::string parse_origin(const std::string& text);

/// Whether a browser asks if another site may send a request. It does not send the key then.
[[nodiscard]] bool is_preflight(const httpd::Request& request);

/// The answer to that, for a site that may: any header, and the methods that the API has.
[[nodiscard]] httpd::Reply answer_preflight(const httpd::Request& request);

}  // namespace rellama::web

#pragma once

#include <string>

#include "rellama/client.hpp"

namespace rellama::program {

/// Whether a request goes out with the token.
enum class Authorization { none, token };

/// The request as a `curl` command for a POSIX shell, with `$REPLICATE_API_TOKEN` where the token
/// goes. `ca_file` and `proxy` are taken along where they are set.
[[nodiscard]] std::string render_curl(const PreparedRequest& request, const ClientOptions& client,
                                      Authorization authorization = Authorization::token);

/// The request as one JSON object: `method`, `url`, `headers`, `body`.
[[nodiscard]] std::string render_request_json(const PreparedRequest& request,
                                              Authorization authorization = Authorization::token);

}  // namespace rellama::program

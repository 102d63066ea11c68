#pragma once

#include <string>
#include <string_view>

#include "rellama/client.hpp"

namespace rellama::program {

/// `text` quoted as one word for a POSIX shell.
[[nodiscard]] std::string quote_for_shell(std::string_view text);

/// The request as a `curl` command for a POSIX shell, with `$REPLICATE_API_TOKEN` in place of the
/// token and with the options for `client.ca_file`, `client.ca_directory` and `client.proxy` if
/// they are set.
[[nodiscard]] std::string render_curl(const PreparedRequest& request, const ClientOptions& client);

/// The request as one JSON object: `method`, `url`, `headers`, `body`.
[[nodiscard]] std::string render_request_json(const PreparedRequest& request);

}  // namespace rellama::program

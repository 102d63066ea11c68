#pragma once

#include <string_view>

#include "rellama/client.hpp"

namespace rellama::wire {

/// Reads `GET /v1/account`. Throws Error (server) if it is not a JSON object.
[[nodiscard]] Account parse_account(std::string_view json);

/// Reads `GET /v1/models/{owner}/{name}`; `latest_version` may be null (docs/protocol.md §4).
/// Throws as above.
[[nodiscard]] Model parse_model(std::string_view json);

}  // namespace rellama::wire

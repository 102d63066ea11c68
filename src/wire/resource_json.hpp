#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rellama/client.hpp"

namespace rellama::wire {

/// Reads `GET /v1/account`. Throws Error (server) if it is not a JSON object.
[[nodiscard]] Account parse_account(std::string_view json);

/// Reads `GET /v1/models/{owner}/{name}`; `latest_version` may be null (docs/protocol.md §4).
/// Throws as above.
[[nodiscard]] Model parse_model(std::string_view json);

/// Reads one page of models, `{next, previous, results}`. Throws as above.
[[nodiscard]] std::vector<Model> parse_model_page(std::string_view json);

/// `model` as `parse_model` reads it again, for a cache.
[[nodiscard]] std::string render_model(const Model& model);

}  // namespace rellama::wire

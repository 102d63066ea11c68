#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rellama/client.hpp"

namespace rellama::wire {

/// Parses the response of `GET /v1/account`. Throws Error (server) if it is not a JSON object.
[[nodiscard]] Account parse_account(std::string_view json);

/// Parses the response of `GET /v1/models/{owner}/{name}`, where `latest_version` may be null
/// (docs/protocol.md §4). Throws as above.
[[nodiscard]] Model parse_model(std::string_view json);

/// Parses the response to an upload, and returns the URL of the file. Throws Error (server) if it
/// has none.
[[nodiscard]] std::string parse_file_url(std::string_view json);

/// Renders the model in the format that `parse_model` accepts.
[[nodiscard]] std::string render_model(const Model& model);

/// Parses the response of `GET …/versions/{id}`. Throws as above.
[[nodiscard]] PublishedVersion parse_version(std::string_view json);

/// Parses a page of models. Throws as above, also if it has no results.
[[nodiscard]] std::vector<Model> parse_model_page(std::string_view json);

/// Parses a page of versions. Throws as above, also if it has no results.
[[nodiscard]] std::vector<PublishedVersion> parse_version_page(std::string_view json);

/// Renders the versions, without their schemas, in the format that `parse_version_page` accepts.
[[nodiscard]] std::string render_version_page(const std::vector<PublishedVersion>& versions);

}  // namespace rellama::wire

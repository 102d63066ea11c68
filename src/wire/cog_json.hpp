#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "rellama/cog.hpp"
#include "rellama/input.hpp"
#include "rellama/prediction.hpp"

// JSON of a Cog container: docs/protocol.md §9.
namespace rellama::wire {

/// One `output` event. A chunk that is not text is left to the final object.
struct CogChunk {
  std::optional<std::string> text;
  std::optional<std::size_t> index;
};

/// The body of `PUT /predictions/{id}`, and of `POST /predictions` with the same id. Throws Error
/// (invalid_input) where a JsonText is not JSON.
[[nodiscard]] std::string render_cog_body(const std::string& id, const Input& input);

/// Throws Error (server) if it is no JSON object.
[[nodiscard]] CogChunk parse_cog_chunk(std::string_view json);

/// A prediction as the container answers it, with `id` in any case. Throws as above.
[[nodiscard]] Prediction parse_cog_prediction(std::string_view json, const std::string& id);

/// Throws as above.
[[nodiscard]] CogHealth parse_cog_health(std::string_view json);

}  // namespace rellama::wire

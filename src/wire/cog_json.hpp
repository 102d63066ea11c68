#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "rellama/cog.hpp"
#include "rellama/input.hpp"
#include "rellama/prediction.hpp"

// The JSON of a Cog container: docs/protocol.md §9.
namespace rellama::wire {

/// One `output` event. `text` is unset if the chunk is not a string; the final object has it.
struct CogChunk {
  std::optional<std::string> text;
  std::optional<std::size_t> index;
};

/// The body of `PUT /predictions/{id}`, and of `POST /predictions` with the same ID. Throws Error
/// (invalid_input) if a JsonText is not JSON.
[[nodiscard]] std::string render_cog_body(const std::string& id, const Input& input);

/// Parses the data of an `output` event. Throws Error (server) if it is not a JSON object.
[[nodiscard]] CogChunk parse_cog_chunk(std::string_view json);

/// Parses a prediction returned by the container, and sets its ID to `id`, which the container may
/// leave out. Throws as above.
[[nodiscard]] Prediction parse_cog_prediction(std::string_view json, const std::string& id);

/// Parses the response of `GET /health-check`. Throws as above.
[[nodiscard]] CogHealth parse_cog_health(std::string_view json);

}  // namespace rellama::wire

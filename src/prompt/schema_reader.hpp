#pragma once

#include <nlohmann/json.hpp>
#include <optional>

namespace rellama::prompt {

/// The schema of the input object in an OpenAPI document, as JSON Schema of its own: references are
/// replaced by what they refer to, the choices of Cog (`allOf` with one reference) by that one, and
/// what JSON Schema does not have by what it has. Patterns are left out, which a hostile one could
/// make us match for ever. Nothing if there is no such schema, or it refers to itself without end.
[[nodiscard]] std::optional<nlohmann::ordered_json> read_input_schema(
    const nlohmann::ordered_json& openapi);

}  // namespace rellama::prompt

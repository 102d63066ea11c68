#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>

namespace rellama::prompt {

/// Extracts the schema of the input object from an OpenAPI document as self-contained JSON Schema:
/// references are resolved, `allOf` with a single reference (Cog's form for choices) is replaced by
/// its target, and OpenAPI keywords are converted to JSON Schema. Patterns are removed, since
/// matching a hostile one could take forever. Returns nullopt if there is no such schema, or if it
/// is recursive.
[[nodiscard]] std::optional<nlohmann::ordered_json> read_input_schema(
    const nlohmann::ordered_json& openapi);

}  // namespace rellama::prompt

#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

namespace rellama::prompt {

/// Extracts the schema of the input object from an OpenAPI document as self-contained JSON Schema:
/// references are resolved, `allOf` (Cog's form for choices) is replaced by what it refers to,
/// `anyOf: [T, null]` (its form for optional inputs) by a T that may be null, and OpenAPI keywords
/// are converted to JSON Schema. Patterns are removed, since matching a hostile one could take
/// forever. Returns nullopt if there is no such schema, or if it is recursive.
[[nodiscard]] std::optional<nlohmann::ordered_json> read_input_schema(
    const nlohmann::ordered_json& openapi);

/// Extracts the schema of the output in the same way.
[[nodiscard]] std::optional<nlohmann::ordered_json> read_output_schema(
    const nlohmann::ordered_json& openapi);

/// The type of a schema, without "null"; empty if it has none, or several.
[[nodiscard]] std::string type_of_schema(const nlohmann::ordered_json& schema);

}  // namespace rellama::prompt

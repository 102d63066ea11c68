#pragma once

#include <nlohmann/json.hpp>
#include <vector>

#include "rellama/model.hpp"

namespace rellama::wire {

/// The inputs in a version's OpenAPI schema (docs/protocol.md §4), in the order of their `x-order`:
/// an enum may stand behind a reference in `allOf`, `required` may be missing, and a bound of an
/// integer may be a float. What is not an object is taken for a schema without inputs.
[[nodiscard]] std::vector<ModelInput> read_inputs(const nlohmann::ordered_json& openapi_schema);

}  // namespace rellama::wire

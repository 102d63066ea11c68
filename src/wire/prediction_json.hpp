#pragma once

#include <string>
#include <string_view>

#include "rellama/client.hpp"
#include "rellama/prediction.hpp"

namespace rellama::wire {

/// Reads a prediction object, leniently: key order, absent or null fields and keys that are not
/// known do not matter (docs/protocol.md §3). Throws Error (server) if `json` is not an object with
/// an `id`, or is nested too deeply.
[[nodiscard]] Prediction parse_prediction(std::string_view json);

/// Reads one page of predictions, `{next, previous, results}`. Throws as above.
[[nodiscard]] PredictionPage parse_prediction_page(std::string_view json);

}  // namespace rellama::wire

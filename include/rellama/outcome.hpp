#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "rellama/error.hpp"
#include "rellama/prediction.hpp"

namespace rellama {

/// What a finished prediction used, as far as its metrics say (docs/protocol.md §3).
struct Usage {
  std::optional<std::int64_t> input_tokens;
  std::optional<std::int64_t> output_tokens;
  std::optional<double> seconds;  ///< the time the model worked; this is what is billed
  std::optional<double> tokens_per_second;
};

/// Reads the metrics of a prediction. A field that is missing or unusable is left empty.
[[nodiscard]] Usage usage_of(const Prediction& prediction);

/// The token limit of the answer, if the answer used it up. Such an answer may be cut short,
/// although Replicate reports it as succeeded. Empty if the server does not report token counts.
[[nodiscard]] std::optional<std::int64_t> find_token_limit_reached(const Prediction& prediction);

/// Why a finished prediction failed: its error, or, if it gave none, the last lines of its log.
/// Empty if neither says anything, or if it has not failed.
[[nodiscard]] std::string reason_of(const Prediction& prediction);

/// Why a finished prediction has no answer, as an error for the user; empty if it has one. The kind
/// is prediction_failed, canceled or, if Replicate has deleted the output, incomplete.
[[nodiscard]] std::optional<Error> find_failure(const Prediction& prediction);

}  // namespace rellama

#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "rellama/prediction.hpp"

namespace rellama::program {

/// What a prediction's metrics say of what it took, as far as they say it.
struct Usage {
  std::optional<std::int64_t> input_tokens;
  std::optional<std::int64_t> output_tokens;
  std::optional<double> seconds;  ///< that the model worked
  std::optional<double> tokens_per_second;
};

[[nodiscard]] Usage usage_of(const Prediction& prediction);

/// How many tokens the answer was allowed, if it took them all: it is perhaps not whole, although
/// Replicate calls it succeeded. Nothing where the server does not say what it took.
[[nodiscard]] std::optional<std::int64_t> limit_reached(const Prediction& prediction);

/// One line with the tokens and seconds that the prediction's metrics report, for stderr:
/// `rellama: 25 tokens in, 187 out · 3.2 s · 58.1 tokens/s`.
[[nodiscard]] std::string render_usage(const Prediction& prediction);

}  // namespace rellama::program

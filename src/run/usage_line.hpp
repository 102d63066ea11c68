#pragma once

#include <string>

#include "rellama/prediction.hpp"

namespace rellama::program {

/// One line for stderr with the tokens and seconds in the metrics of a prediction:
/// `rellama: 25 tokens in, 187 out · 3.2 s · 58.1 tokens/s`.
[[nodiscard]] std::string render_usage(const Prediction& prediction);

}  // namespace rellama::program

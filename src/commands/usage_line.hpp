#pragma once

#include <string>

#include "rellama/prediction.hpp"

namespace rellama::commands {

/// One line with the tokens and seconds that the prediction's metrics report, for stderr:
/// `rellama: 25 tokens in, 187 out · 3.2 s · 58.1 tokens/s`.
[[nodiscard]] std::string render_usage(const Prediction& prediction);

}  // namespace rellama::commands

#pragma once

#include <optional>

#include "rellama/error.hpp"
#include "rellama/prediction.hpp"

namespace rellama::program {

/// Why a prediction that is over is no answer, in the user's words; nothing if it is one.
[[nodiscard]] std::optional<Error> find_failure(const Prediction& prediction);

}  // namespace rellama::program

#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "rellama/error.hpp"
#include "rellama/prediction.hpp"

namespace rellama::program {

/// The result of one run of a comparison.
struct RunResult {
  Prediction prediction;       ///< its last known state
  std::string text;            ///< the output received
  std::optional<Error> error;  ///< why the answer is missing or incomplete; empty if it is complete
  std::size_t output_events = 0;       ///< the number of pieces the text came in
  std::optional<double> first_output;  ///< seconds from the start to the first text
  double seconds = 0;                  ///< from the start to the end
};

}  // namespace rellama::program

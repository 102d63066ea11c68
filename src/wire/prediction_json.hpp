#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "rellama/client.hpp"
#include "rellama/prediction.hpp"

namespace rellama::wire {

/// Reads a prediction object, leniently: key order, absent or null fields and keys that are not
/// known do not matter (docs/protocol.md §3). Throws Error (server) if `json` is not an object with
/// an `id`, or is nested too deeply.
[[nodiscard]] Prediction parse_prediction(std::string_view json);

/// Reads one prediction again and again while it grows. Polls bring all the output there is: what
/// they brought before is compared, not read anew.
class PredictionReader {
 public:
  /// Reads `json` into `prediction`, which must be what the last call left, or at the first call
  /// anything. Throws as above; then `json` has not been taken, and `prediction` lacks its output.
  void read(std::string&& json, Prediction& prediction);

 private:
  std::string json_;  // the last answer with text in pieces, and where those are
  std::size_t items_begin_ = 0;
  std::size_t items_length_ = 0;
};

/// Reads one page of predictions, `{next, previous, results}`. Throws as above.
[[nodiscard]] PredictionPage parse_prediction_page(std::string_view json);

}  // namespace rellama::wire

#pragma once

#include <string>
#include <vector>

#include "rellama/prediction.hpp"

namespace rellama::program {

/// A table with one line per prediction: ID, status, time of creation, model, start of the prompt.
[[nodiscard]] std::string render_table(const std::vector<Prediction>& predictions,
                                       std::size_t columns);

/// The same facts, with the whole prompt, as a JSON array.
[[nodiscard]] std::string render_json_array(const std::vector<Prediction>& predictions);

/// Everything known about one prediction except its output, in lines of at most `columns` (0: any).
[[nodiscard]] std::string render_facts(const Prediction& prediction, std::size_t columns);

/// ID and status on one line.
[[nodiscard]] std::string render_line(const Prediction& prediction);

/// The prompt in the server's echo of the input; empty if there is none.
[[nodiscard]] std::string prompt_of(const Prediction& prediction);

}  // namespace rellama::program

#pragma once

#include <string>
#include <vector>

#include "rellama/prediction.hpp"

namespace rellama::program {

/// A table with one line a prediction: id, status, time of creation, model, begin of the prompt.
[[nodiscard]] std::string render_table(const std::vector<Prediction>& predictions);

/// The same facts, the prompt whole, as a JSON array.
[[nodiscard]] std::string render_json_array(const std::vector<Prediction>& predictions);

/// All that is known of one prediction but its output, a line a fact.
[[nodiscard]] std::string render_facts(const Prediction& prediction);

/// Id and status, on a line.
[[nodiscard]] std::string render_line(const Prediction& prediction);

/// The prompt in the server's echo of the input; empty if there is none.
[[nodiscard]] std::string prompt_of(const Prediction& prediction);

}  // namespace rellama::program

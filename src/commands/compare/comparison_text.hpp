#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "commands/compare/run_result.hpp"
#include "rellama/input.hpp"

namespace rellama::program {

/// The request of one run.
struct ComparedRun {
  std::string label;
  std::string model;    ///< the full reference
  JsonText parameters;  ///< the inputs as sent, without the prompt
};

/// The table below the answers: time, tokens and status of each run. Values that the server does
/// not report are estimated and marked with `~`. `columns`: the width of the window; 0: any width
/// fits.
[[nodiscard]] std::string render_comparison(const std::vector<ComparedRun>& runs,
                                            const std::vector<RunResult>& results,
                                            std::size_t columns = 0);

/// One result as JSON. Unknown values are null. Tokens, rate and predict_time are reported by the
/// server; output_events is counted by rellama.
[[nodiscard]] nlohmann::ordered_json result_json(const ComparedRun& run, const RunResult& result);

/// The exit code of the comparison: 0 if all runs succeeded, the code of the failure if all failed
/// in the same way, otherwise 12.
[[nodiscard]] int comparison_exit_code(const std::vector<RunResult>& results);

}  // namespace rellama::program

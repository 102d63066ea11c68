#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "run/parallel_runs.hpp"

namespace rellama::program {

/// What one run of a comparison was asked.
struct ComparedRun {
  std::string label;
  std::string model;    ///< the long form of its reference
  JsonText parameters;  ///< the inputs as they are sent, without the prompt
};

/// The table below the answers: what each took, and how it ended. What the server does not report
/// is counted here, and marked with `~`.
[[nodiscard]] std::string render_comparison(const std::vector<ComparedRun>& runs,
                                            const std::vector<RunResult>& results);

/// One result as JSON. What is not known is null; tokens, rate and predict_time are what the server
/// reports, output_events is what was counted here.
[[nodiscard]] nlohmann::ordered_json result_json(const ComparedRun& run, const RunResult& result);

/// The exit code of all of them: 0 if they succeeded, that of their failure if all failed alike,
/// else 12.
[[nodiscard]] int comparison_exit_code(const std::vector<RunResult>& results);

}  // namespace rellama::program

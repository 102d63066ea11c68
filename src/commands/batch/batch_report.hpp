#pragma once

#include <optional>
#include <string>

#include "batch/batch_run.hpp"
#include "batch/day_ledger.hpp"
#include "batch/plan.hpp"
#include "commands/batch/batch_options.hpp"
#include "options/context.hpp"

namespace rellama::program {

/// The exit code if rows have no answer.
inline constexpr int kSomeRowsMissing = 12;

/// How many rows there are and what they can cost, as a line for stderr, before anything is sent.
[[nodiscard]] std::string render_plan(const batch::Plan& plan, const batch::Totals& totals,
                                      const BatchOptions& options);

/// Throws Error (invalid_input) if the plan exceeds a limit of the options. Reserves in `day`, if
/// there is one, what the plan can cost.
void check_limits(const batch::Plan& plan, const batch::Totals& totals, const BatchOptions& options,
                  batch::DayLedger* day);

/// What became of the rows, and what it took: `2000 rows = 1997 answered + 3 failed + 0 unsent`.
[[nodiscard]] std::string render_summary(const batch::Totals& totals,
                                         const std::optional<batch::Price>& price,
                                         std::chrono::seconds elapsed);

}  // namespace rellama::program

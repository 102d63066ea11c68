#pragma once

#include <memory>
#include <string>
#include <vector>

#include "commands/compare/comparison_text.hpp"
#include "options/context.hpp"
#include "options/output_options.hpp"

namespace rellama::program {

/// Shows a comparison on stdout in one of several formats.
class ComparisonPrinter {
 public:
  virtual ~ComparisonPrinter() = default;

  /// Takes news of a run. `result` is null until the run is over.
  virtual void take(const RunNews& news, const RunResult* result) = 0;
  /// Writes what has been taken. Called regularly, even without news.
  virtual void flush() {}
  /// Called before lines are written to stderr.
  virtual void make_room() {}
  /// Called when all runs are over.
  virtual void finish(const std::vector<RunResult>& results) = 0;
};

/// The printer that suits the options, the terminal and the number of runs. `runs` and the
/// context must outlive it.
[[nodiscard]] std::unique_ptr<ComparisonPrinter> make_comparison_printer(
    const OutputOptions& options, const std::vector<ComparedRun>& runs, const std::string& prompt,
    const Context& context);

}  // namespace rellama::program

#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "commands/compare/comparison_text.hpp"
#include "options/context.hpp"
#include "options/output_options.hpp"

namespace rellama::program {

/// Shows a comparison on stdout in one of several formats.
class ComparisonPrinter {
 public:
  virtual ~ComparisonPrinter() = default;

  virtual void status_changed(std::size_t /*run*/, Status /*status*/) {}
  virtual void output(std::size_t /*run*/, std::string_view /*text*/) {}
  /// The run is over.
  virtual void ended(std::size_t run, const RunResult& result) = 0;
  /// Writes what has arrived. Called regularly, even if nothing has.
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

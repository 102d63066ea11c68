#pragma once

#include <memory>
#include <string>
#include <vector>

#include "commands/compare/comparison_text.hpp"
#include "options/context.hpp"
#include "options/output_options.hpp"

namespace rellama::program {

/// Shows a comparison on stdout, in one of the forms a user can ask for.
class ComparisonPrinter {
 public:
  virtual ~ComparisonPrinter() = default;

  /// What is new of a run, with what came of it once it is over.
  virtual void take(const RunNews& news, const RunResult* result) = 0;
  /// Writes out what there is. Called often, and now and then when there is nothing new.
  virtual void flush() {}
  /// Makes room for lines on stderr.
  virtual void make_room() {}
  /// All runs are over.
  virtual void finish(const std::vector<RunResult>& results) = 0;
};

/// The printer that the options, the terminal and the number of runs ask for. `runs` and the
/// context must outlive it.
[[nodiscard]] std::unique_ptr<ComparisonPrinter> make_comparison_printer(
    const OutputOptions& options, const std::vector<ComparedRun>& runs, const std::string& prompt,
    const Context& context);

}  // namespace rellama::program

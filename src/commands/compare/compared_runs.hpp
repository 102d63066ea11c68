#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "commands/compare/comparison_printer.hpp"
#include "rellama/generate_many.hpp"

namespace rellama::program {

/// The runs of a comparison while they are under way: supplies their requests, keeps what arrives,
/// and passes it on to a printer.
class ComparedRuns final : public RequestSource, public RowSink {
 public:
  /// `printer` must outlive this.
  ComparedRuns(std::vector<GenerateRequest> requests, ComparisonPrinter& printer);

  Supply next(RowRequest& row) override;

  void created(std::size_t row, const Prediction& prediction) override;
  void status_changed(std::size_t row, Status status) override;
  void output(std::size_t row, std::string_view text) override;
  void ended(std::size_t row, RowEnd end) override;
  Time flush() override;

  /// Ends the runs that were not started because of a stop for `reason`, and prints the end.
  void finish(std::optional<ErrorKind> reason);

  [[nodiscard]] const std::vector<RunResult>& results() const noexcept { return results_; }

 private:
  ComparisonPrinter& printer_;
  std::vector<GenerateRequest> requests_;
  std::vector<RunResult> results_;
  std::vector<Time> started_;
  Time flushed_ = {};
};

}  // namespace rellama::program

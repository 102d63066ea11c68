#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "batch/batch_run.hpp"
#include "batch/input_file.hpp"
#include "batch/journal.hpp"
#include "batch/output.hpp"
#include "batch/plan.hpp"
#include "batch/record_reader.hpp"
#include "commands/batch/batch_input.hpp"
#include "commands/batch/batch_options.hpp"
#include "commands/batch/batch_paths.hpp"
#include "options/context.hpp"
#include "rellama/stop.hpp"

namespace rellama::program {

/// A batch that is ready to run: its rows are in the journal, and its output is open.
class BatchJob {
 public:
  /// The names of the inputs of a request that are secret.
  using FindSecrets = std::function<std::vector<std::string>(const GenerateRequest&)>;

  /// Reads the whole input. Throws Error; nothing is left behind if a new batch cannot be run.
  BatchJob(const BatchOptions& options, const FindSecrets& find_secrets, const Context& context,
           const StopToken& stop);

  /// Opens the output and records where it is.
  void open_output();

  [[nodiscard]] batch::Journal& journal() noexcept { return *journal_; }
  [[nodiscard]] const batch::Plan& plan() const noexcept { return plan_; }
  [[nodiscard]] const BatchPaths& paths() const noexcept { return paths_; }
  [[nodiscard]] const std::optional<batch::Price>& price() const noexcept { return price_; }
  [[nodiscard]] batch::ResultOutput& output() noexcept { return *output_; }
  [[nodiscard]] batch::ResultForm form() const;
  /// The source of the rows; the job must outlive it.
  [[nodiscard]] batch::RowSupply::Parts rows();

  /// Before the run: removes what a new batch has left, since nothing is sent.
  void abandon();
  /// After the run: puts the results in order if they were retried.
  void close();

  /// Reads and checks all rows, and returns the first that can be sent, without a journal.
  struct DryRunResult {
    batch::Plan plan;
    std::optional<GenerateRequest> first;
  };
  [[nodiscard]] static DryRunResult dry_run(const BatchOptions& options, const Context& context,
                                            const StopToken& stop);

 private:
  [[nodiscard]] std::optional<std::string> reopen_journal();
  void start_journal(const std::string& facts, const batch::PlanChecks& checks);
  void retry_failed();
  void refuse_to_append_again() const;
  void finish_rewriting();
  void refuse_input_as_output() const;
  void continue_output(const batch::OutputPlace& settled);

  const BatchOptions& options_;
  const Context& context_;
  batch::Shard shard_;
  BatchPaths paths_;
  batch::InputCopy copy_;
  std::optional<batch::Price> price_;
  BatchInput input_;
  std::unique_ptr<batch::RecordReader> reader_;
  std::unique_ptr<batch::RecordReader> again_;
  std::unique_ptr<batch::Journal> journal_;
  bool is_new_ = false;
  batch::Plan plan_;
  std::unique_ptr<batch::ResultOutput> output_;
};

}  // namespace rellama::program

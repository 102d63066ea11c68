#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "batch/batch_progress.hpp"
#include "batch/journal.hpp"
#include "batch/output.hpp"
#include "batch/price.hpp"
#include "batch/result.hpp"
#include "batch/row_supply.hpp"
#include "batch/status_file.hpp"
#include "batch/verdict.hpp"
#include "rellama/generate_many.hpp"
#include "rellama/stop.hpp"

namespace rellama::batch {

/// Counts what a day's predictions use, over all batches.
class DayLimit {
 public:
  virtual ~DayLimit() = default;
  /// Counts one prediction, or returns false if the day has no room for it.
  virtual bool take() = 0;
  /// One that was counted was not started after all.
  virtual void give_back() = 0;
  /// Counts what one has cost.
  virtual void add_cost(double dollars) = 0;
};

/// Receives what the history records.
class AnswerLog {
 public:
  virtual ~AnswerLog() = default;
  virtual void add(const RowOutcome& outcome, const std::string& prompt) = 0;
};

/// How a batch is run.
struct RunSettings {
  std::size_t in_flight = 8;
  std::optional<Clock::duration> interval = {};  ///< between two creates
  bool ordered = false;
  std::optional<std::size_t> max_failures = {};  ///< stops after more than these in this run
  ResultForm form = ResultForm::jsonl;
  std::optional<Price> price = {};
};

/// Runs the rows of a batch with `generate_many`: as its source and its sink.
///
///     journal: sending ──▶ create ──▶ journal: created ──▶ answer ──▶ journal: answered
///                                                          ──▶ output ──▶ journal: written
///
/// What goes wrong with one row is its result. What would go wrong with all of them, a signal, or a
/// failure to write stops the batch: nothing more is sent, and what runs is finished.
class BatchRun final : public RequestSource, public RowSink {
 public:
  struct Parts {
    RowSupply::Parts rows;
    ResultOutput& output;
    BatchProgress& progress;
    DayLimit* day = nullptr;
    AnswerLog* log = nullptr;
    StatusFile* status = nullptr;
  };

  /// `drain`: requested when nothing more is to be sent.
  BatchRun(const Parts& parts, const RunSettings& settings, StopToken drain);

  Supply next(RowRequest& row) override;
  [[nodiscard]] std::optional<ErrorKind> stops_sending() const override;
  void created(std::size_t row, const Prediction& prediction) override;
  void output(std::size_t row, std::string_view text) override;
  void ended(std::size_t row, RowEnd end) override;
  RowSink::Time flush() override;

  /// Records and writes what is left, when `generate_many` has returned.
  void finish();

  /// Why the batch stopped, if it did not come to its end by itself: a failure of its own, or that
  /// of a row that all others would share.
  [[nodiscard]] const std::optional<Error>& failure() const noexcept { return failure_; }
  /// Which limit has stopped the batch.
  enum class Limit { failures, day };
  [[nodiscard]] std::optional<Limit> reached_limit() const noexcept { return reached_limit_; }
  [[nodiscard]] const Counts& counts() const noexcept { return counts_; }

 private:
  struct Ended {
    std::size_t row;
    std::string id;
    std::string result;
  };

  struct Waiting {
    std::string id;
    bool has_ended = false;
  };

  void write_earlier_results();
  RowSupply::Hooks hooks();
  void reach(const JournalRow& row);
  [[nodiscard]] bool may_read() const;
  bool allow();
  void refuse(const ActiveRow& row, const Error& error);
  void conclude(const ActiveRow& row, RowEnd end, std::optional<Error> error);
  void give_back(const ActiveRow& row, const RowEnd& end);
  void run_again(const ActiveRow& row, RowEnd end, const Verdict& verdict);
  void record_result(const ActiveRow& row, const RowOutcome& outcome);
  void note_trouble(std::size_t row, const Error& error, Clock::time_point now);
  void write_results();
  void write_in_order();
  void settle(bool now);
  [[nodiscard]] bool has_news() const;
  void stop(const Error& error);
  template <typename Call>
  bool with_journal(Call call);

  Parts parts_;
  Journal& journal_;
  const RunSettings settings_;
  StopToken drain_;
  RowSupply supply_;
  std::unordered_map<std::size_t, ActiveRow> active_;
  std::size_t handed_out_ = 0;
  Counts counts_;
  std::size_t failed_now_ = 0;             // in this run
  std::vector<Ended> ended_;               // rows to be written, if in any order
  std::map<std::size_t, Waiting> window_;  // rows that are not written yet, if in order
  Clock::time_point next_send_ = {};
  Clock::time_point settled_at_ = {};
  std::optional<Clock::time_point> gathered_since_;
  // While nothing succeeds:
  std::set<std::size_t> troubled_;  // rows
  Clock::time_point trouble_since_ = {};
  Clock::time_point hold_until_ = {};
  bool journal_works_ = true;
  bool output_works_ = true;
  bool stopped_ = false;
  std::optional<Limit> reached_limit_;
  std::optional<Error> failure_;
};

}  // namespace rellama::batch

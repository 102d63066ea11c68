#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "batch/record.hpp"
#include "history/database.hpp"
#include "rellama/prediction.hpp"

namespace rellama::batch {

/// How far a row has come.
enum class RowState : std::uint8_t {
  planned,   ///< nothing was sent
  sending,   ///< a create may have been sent
  created,   ///< its prediction is known
  answered,  ///< it has an answer
  failed,    ///< it has none, and why is known
};

/// Milliseconds since 1970.
using WallTime = std::int64_t;

[[nodiscard]] WallTime wall_time_now();

/// What the journal has of a row.
struct JournalRow {
  RowPlace place;
  std::string id;
  std::uint64_t digest = 0;
  RowState state = RowState::planned;
  WallTime sent_at = 0;
  std::string prediction;
  bool canceled = false;  ///< whether a stopped run has canceled its prediction
  bool written = false;   ///< whether its result in the output is settled
};

/// How a row ended.
struct RowResult {
  bool answered = false;
  std::string kind = {};        ///< of the error; empty if answered
  std::string prediction = {};  ///< empty: there was none
  std::string text = {};        ///< what is written to the output for it
  std::int64_t input_tokens = 0;
  std::int64_t output_tokens = 0;
  double seconds = 0;  ///< that the model worked
};

/// Where the result of a row is in the output file.
struct Segment {
  std::size_t row = 0;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
};

/// Numbers of rows and what they used.
struct Totals {
  std::int64_t rows = 0;
  std::int64_t answered = 0;
  std::int64_t failed = 0;
  std::int64_t running = 0;    ///< have a prediction, whose end is not known
  std::int64_t unclear = 0;    ///< may have been sent
  std::int64_t unwritten = 0;  ///< have ended, and their result is not known to be in the output
  std::int64_t input_tokens = 0;
  std::int64_t output_tokens = 0;
  double seconds = 0;

  [[nodiscard]] std::int64_t unsent() const noexcept {
    return rows - answered - failed - running - unclear;
  }
};

/// The record of one batch, in a private SQLite file that only one process can have open. What it
/// was told before `commit` survives the end of the process; what `record_sends` was told survives
/// that of the machine.
///
///     planned ──▶ sending ──▶ created ──▶ answered | failed ──▶ written
///        ▲           │           │
///        └───────────┴───────────┴── stopped before it was sent, or canceled
class Journal {
 public:
  enum class Open { create, existing };

  /// Throws Error: internal if another process has it open or it cannot be used, invalid_input if
  /// it exists and should be created, not_found if it does not and should exist.
  Journal(const std::filesystem::path& path, Open open);
  ~Journal();
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return database_.path(); }

  /// Facts about the batch, by name. `note` is committed with the next commit.
  void note(std::string_view name, std::string_view value);
  [[nodiscard]] std::optional<std::string> find_note(std::string_view name);

  /// Adds a row. Returns the row that already has its ID, if there is one.
  [[nodiscard]] std::optional<JournalRow> add(const Record& record);
  [[nodiscard]] std::optional<JournalRow> find(std::size_t row);
  [[nodiscard]] Totals totals();
  /// Calls `call` with the number and the ID of each row, in order.
  void for_each_row(const std::function<void(std::size_t, const std::string&)>& call);

  /// Records that rows are about to be sent, durably: with everything before, in one transaction.
  void record_sends(const std::vector<std::size_t>& rows);
  void record_created(std::size_t row, const PredictionId& id);
  /// The row is not sent after all.
  void record_unsent(std::size_t row);
  /// The prediction was canceled, as far as possible.
  void record_canceled(std::size_t row);
  /// The row is to be sent again: its prediction was canceled.
  void record_spent(std::size_t row, const PredictionId& id);
  void record_end(std::size_t row, const RowResult& result);
  /// Results in the output are settled, and need not be kept.
  void record_written(const std::vector<Segment>& segments);
  /// From now on, results are kept even after they are settled, because a shell that redirects
  /// standard output may replace the file.
  void keep_results() noexcept { keeps_results_ = true; }
  /// All results are to be written again. False if it no longer has one of them.
  [[nodiscard]] bool write_again();
  void commit();
  /// Whether there is something to commit.
  [[nodiscard]] bool has_changes() const noexcept { return in_transaction_; }

  /// Rows whose runs have begun and not ended, in the order in which they were sent.
  [[nodiscard]] std::vector<JournalRow> under_way();
  /// Whether a row has this prediction.
  [[nodiscard]] bool knows(std::string_view prediction);
  /// The result of a row that has ended and is not written.
  [[nodiscard]] std::string result_of(std::size_t row);
  /// The rows that have ended and are not written, in order.
  [[nodiscard]] std::vector<std::size_t> unwritten();
  /// Results in the output, by their place in it.
  [[nodiscard]] std::vector<Segment> segments();

  /// The batch is done and its results are in the output: closing the journal need not wait for the
  /// disk.
  void release();

  /// Makes failed rows planned again, or unclear if they were. Returns how many there were.
  std::int64_t retry_failed();

 private:
  struct Statements;

  void begin();
  void update(std::size_t row, RowState state);

  history::Database database_;
  std::unique_ptr<Statements> statements_;
  bool in_transaction_ = false;
  bool keeps_results_ = false;
};

/// The end of the name of the file in which a running batch says how far it is.
inline constexpr const char* kStatusSuffix = ".status";

/// Removes a journal and the files that belong to it.
void remove_journal(const std::filesystem::path& path);

}  // namespace rellama::batch

#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "batch/journal.hpp"
#include "batch/record_reader.hpp"
#include "batch/row_request.hpp"
#include "batch/shard.hpp"
#include "rellama/generate_many.hpp"

namespace rellama::batch {

using Clock = std::chrono::steady_clock;

/// A row that is or was about to run.
struct ActiveRow {
  RowPlace place;
  std::string id;
  std::string model = {};
  std::string prompt = {};  ///< only if it is recorded in the history
  bool is_chat = true;
  bool may_have_been_sent = false;  ///< what it started has to be found
  bool was_canceled = false;
  bool is_picked_up = false;  ///< its prediction is known
  int attempts = 0;
  std::optional<Clock::time_point> troubled_since = {};
  Clock::time_point started = {};
};

/// A row that is not to be read from the input in its turn.
struct AgainRow {
  JournalRow row;  ///< its state says what to do
  int attempts = 0;
  std::optional<Clock::time_point> troubled_since = {};
  Clock::time_point due = {};
};

/// A row with its request.
struct ReadyRow {
  ActiveRow row;
  RowRequest request;
};

/// Makes the requests of a batch, in groups: those whose runs have begun, then the rest of the
/// input. A row is in the journal as sent, durably, before it is handed out.
class RowSupply {
 public:
  struct Parts {
    RecordReader& rows;
    RecordReader& again;  ///< reads the same file
    const RowDefaults& defaults;
    Journal& journal;
    Shard shard;
  };
  struct Hooks {
    /// The row cannot be sent.
    std::function<void(const ActiveRow&, const Error&)> refused;
    /// Whether more of the input may be read for now.
    std::function<bool()> may_read;
    /// The row was reached in the order of the input.
    std::function<void(const JournalRow&)> reached;
    /// Whether one more row may be sent; if not, the batch stops.
    std::function<bool()> allow;
  };

  RowSupply(const Parts& parts, Hooks hooks, bool keeps_prompts);

  /// Lets a row run again.
  void add_again(AgainRow row);

  /// The next row, or none for now. `group`: how many rows may be made ready together.
  [[nodiscard]] std::optional<ReadyRow> next(std::size_t group, Clock::time_point now);

  /// A row for which a prediction was to be found has one, or has ended.
  void found(const ActiveRow& row);

  /// Whether there is nothing left, now or later.
  [[nodiscard]] bool is_empty() const noexcept {
    return input_ended_ && ready_.empty() && again_.empty();
  }
  /// When a row that waits is due.
  [[nodiscard]] Clock::time_point next_due() const noexcept;
  /// Rows that were recorded as sent and not handed out: they are not sent.
  [[nodiscard]] std::vector<std::size_t> take_unsent();

 private:
  void fill(std::size_t group, Clock::time_point now);
  [[nodiscard]] bool has_searches() const;
  void take_again(std::size_t group, Clock::time_point now);
  void read_rows(std::size_t group);
  void make_ready(const Record& record, const AgainRow& known);

  Parts parts_;
  Hooks hooks_;
  const bool keeps_prompts_;
  std::deque<AgainRow> again_;
  std::deque<ReadyRow> ready_;
  std::vector<std::size_t> sends_;  // of the rows made ready last, those to record
  std::size_t searching_ = 0;       // rows handed out whose predictions are to be found
  bool input_ended_ = false;
};

}  // namespace rellama::batch

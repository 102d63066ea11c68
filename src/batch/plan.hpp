#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "batch/journal.hpp"
#include "batch/price.hpp"
#include "batch/record_reader.hpp"
#include "batch/row_request.hpp"
#include "batch/shard.hpp"
#include "rellama/stop.hpp"

namespace rellama::batch {

/// What is known of the rows before the first is sent.
struct Plan {
  std::size_t rows = 0;  ///< of this shard
  std::size_t blank_lines = 0;
  std::optional<double> most_cost = {};  ///< empty without a price, or if there is no limit
  /// Rows that cannot be sent, if they were checked: how many, and the first few.
  std::size_t unusable = 0;
  std::vector<std::string> first_unusable = {};
};

/// What is found out about each row.
struct PlanChecks {
  const RowDefaults& defaults;
  std::optional<Price> price = {};
  bool validate = false;
  StopToken stop = {};
};

/// Reads all rows of the shard. Throws Error (invalid_input) if two have the same ID, and for an
/// input without rows.
class Planner {
 public:
  /// `add` returns the line of the row that has the same ID, if there is one.
  using Add = std::function<std::optional<std::size_t>(const Record&)>;

  Planner(RecordReader& reader, const Shard& shard, const PlanChecks& checks)
      : reader_(reader), shard_(shard), checks_(checks) {}

  [[nodiscard]] Plan read(const Add& add);
  /// For `add`: the row is done, and costs nothing more.
  void leave_out() noexcept { left_out_ = true; }

 private:
  void check(const Record& record);

  RecordReader& reader_;
  const Shard& shard_;
  const PlanChecks& checks_;
  Plan plan_;
  bool left_out_ = false;
};

/// Puts the rows into a new journal.
[[nodiscard]] Plan plan_batch(RecordReader& reader, const Shard& shard, const PlanChecks& checks,
                              Journal& journal);

/// Reads the rows without a journal.
[[nodiscard]] Plan plan_only(RecordReader& reader, const Shard& shard, const PlanChecks& checks);

/// Compares the rows with those in the journal. Throws Error (invalid_input) that shows the first
/// differences if there are any.
[[nodiscard]] Plan compare_with_journal(RecordReader& reader, const Shard& shard,
                                        const PlanChecks& checks, Journal& journal);

}  // namespace rellama::batch

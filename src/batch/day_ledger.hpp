#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "batch/batch_run.hpp"
#include "history/database.hpp"

namespace rellama::batch {

/// What the batches of a user have started and cost today, and what they can still cost, in a file
/// that they share. Only batches with a limit for the day use it.
class DayLedger final : public DayLimit {
 public:
  /// `batch` identifies the batch, whichever process runs it. Throws Error (internal) if the file
  /// cannot be used.
  DayLedger(const std::filesystem::path& file, std::string batch,
            std::optional<std::int64_t> most_predictions = {});

  /// What a day has cost, and what other batches have reserved.
  struct Cost {
    double spent = 0;
    double reserved = 0;
  };
  /// Reserves what the batch can cost at most, in place of what it had reserved. If all would then
  /// be more than `limit`, nothing is reserved, and what there is already is returned.
  [[nodiscard]] std::optional<Cost> reserve(double most, double limit);
  /// The batch costs nothing more. What a process that was killed had reserved stays for the day,
  /// since its predictions may be running.
  void release();

  bool take() override;
  void give_back() override;
  void add_cost(double dollars) override;

 private:
  history::Database database_;
  std::string batch_;
  std::int64_t most_;
};

}  // namespace rellama::batch

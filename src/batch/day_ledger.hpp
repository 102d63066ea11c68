#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "batch/batch_run.hpp"
#include "history/database.hpp"

namespace rellama::batch {

/// What the batches of a user have started and cost today, in a file that they share. Only batches
/// with a limit for the day use it.
class DayLedger final : public DayLimit {
 public:
  /// Throws Error (internal) if the file cannot be used.
  DayLedger(const std::filesystem::path& file, std::optional<std::int64_t> most_predictions);

  /// What today has cost.
  [[nodiscard]] double cost();

  bool take() override;
  void add_cost(double dollars) override;

 private:
  history::Database database_;
  std::int64_t most_;
};

}  // namespace rellama::batch

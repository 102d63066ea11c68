#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

#include "batch/batch_progress.hpp"
#include "batch/journal.hpp"

namespace rellama::batch {

/// What a batch that is running says of itself, since its journal cannot be read meanwhile.
struct RunningStatus {
  std::string input;
  std::string output;
  WallTime started_at = 0;
  Counts counts = {};
};

/// Says how far a running batch is, in a private file next to its journal. Best effort.
class StatusFile {
 public:
  using Clock = std::chrono::steady_clock;

  StatusFile(const std::filesystem::path& journal, RunningStatus about);
  ~StatusFile();
  StatusFile(const StatusFile&) = delete;
  StatusFile& operator=(const StatusFile&) = delete;

  /// Writes `counts` if the last time was long enough ago.
  void show(const Counts& counts, Clock::time_point now);

 private:
  void write() const;

  std::filesystem::path path_;
  RunningStatus status_;
  Clock::time_point next_ = {};
};

/// Removes what a process that was killed has left.
void remove_status(const std::filesystem::path& journal);

/// The status of the running batch with this journal; empty if it has not written one yet.
[[nodiscard]] std::optional<RunningStatus> find_running_status(
    const std::filesystem::path& journal);

}  // namespace rellama::batch

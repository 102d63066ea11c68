#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "batch/shard.hpp"
#include "commands/batch/batch_options.hpp"
#include "options/context.hpp"

namespace rellama::program {

/// Where a batch reads and writes.
struct BatchPaths {
  std::filesystem::path input;  ///< absolute; empty: standard input
  enum class Target { stream, file, directory };
  Target target = Target::stream;
  std::filesystem::path output;  ///< absolute; empty for a stream
  std::filesystem::path journal;
  std::optional<std::filesystem::path> listed;  ///< the name under which `batch list` finds it
};

/// The paths that the options select. A shard has an output and a journal of its own:
/// `answers.jsonl` becomes `answers.3-of-8.jsonl`. Throws Error (invalid_input).
[[nodiscard]] BatchPaths find_batch_paths(const BatchOptions& options, const batch::Shard& shard,
                                          const Context& context);

/// The file with what batches have started and cost today, in the directory of `batch_directory`.
inline constexpr const char* kDaysFile = "days.db";

/// The directory with the journals, or links to them; empty if there is no home directory.
[[nodiscard]] std::optional<std::filesystem::path> batch_directory(const Context& context);

/// Lets `batch list` find a journal that is next to its output. Best effort.
void list_batch(const BatchPaths& paths);

/// The journals that `batch list` finds, by name.
struct ListedBatch {
  std::string name;
  std::filesystem::path journal;
};
[[nodiscard]] std::vector<ListedBatch> listed_batches(const Context& context);

/// The journal that a user names: by its name in the list, its path, or the path of its output. If
/// the batch was divided, those of all its shards. Throws Error (not_found).
[[nodiscard]] std::vector<ListedBatch> require_batches(const std::string& name,
                                                       const Context& context);

}  // namespace rellama::program

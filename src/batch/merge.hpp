#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "terminal/streams.hpp"

namespace rellama::batch {

/// What was merged.
struct Merged {
  std::size_t rows = 0;
  /// Rows that are in none of the files: before the last row, or according to the journals that are
  /// next to the files.
  std::size_t missing = 0;
  std::string missing_shards = {};  ///< according to the names of the files: `3-of-8`
};

/// Writes the results of several files to `out` in the order of their rows. Throws Error
/// (invalid_input) if a line is not a result of `rellama batch`, or two are of the same row.
[[nodiscard]] Merged merge_results(const std::vector<std::filesystem::path>& files,
                                   terminal::OutputStream& out);

}  // namespace rellama::batch

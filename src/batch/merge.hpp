#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

#include "terminal/streams.hpp"

namespace rellama::batch {

/// What was merged.
struct Merged {
  std::size_t rows = 0;
  std::size_t last_row = 0;
  /// Rows up to the last that are in none of the files; the input may have more after it.
  std::size_t missing = 0;
};

/// Writes the results of several files to `out` in the order of their rows. Throws Error
/// (invalid_input) if a line is not a result of `rellama batch`, or two are of the same row.
[[nodiscard]] Merged merge_results(const std::vector<std::filesystem::path>& files,
                                   terminal::OutputStream& out);

}  // namespace rellama::batch

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "batch/output.hpp"

namespace rellama::batch {

/// What an output file has after its settled end.
struct Tail {
  std::uint64_t end = 0;            ///< where to continue; what follows is part of a result
  std::vector<Segment> found = {};  ///< whole results that were not settled
  bool foreign = false;             ///< whether others have written something
};

// The descriptors may be open for writing only, as a shell opens them.

/// Whether a line ends there, or nothing is before.
[[nodiscard]] bool ends_with_line(int fd, std::uint64_t end);

/// A digest of the last bytes before `end`.
[[nodiscard]] std::string digest_before(int fd, std::uint64_t end);

/// Reads what is between `settled_end` and `size` in a file. Only what is equal to a result, or to
/// the beginning of one at the end of the file, is taken for the batch's own.
[[nodiscard]] Tail read_tail(int fd, std::uint64_t settled_end, std::uint64_t size,
                             const std::vector<Unsettled>& unsettled);

}  // namespace rellama::batch

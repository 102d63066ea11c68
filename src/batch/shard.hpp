#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "batch/record.hpp"
#include "system/environment.hpp"

namespace rellama::batch {

/// A part of the rows: those whose identity falls to it. The parts are about equally large, and a
/// row with an ID stays in its part when others are added.
struct Shard {
  std::size_t number = 1;  ///< from 1
  std::size_t count = 1;

  [[nodiscard]] bool has(const Record& record) const {
    return count == 1 || identity_of(record) % count == number - 1;
  }
  /// `3-of-8`
  [[nodiscard]] std::string name() const {
    return std::to_string(number) + "-of-" + std::to_string(count);
  }
};

/// Parses `K/N`, or `auto`: the task of a Slurm array or the index of a Kubernetes Job. `auto/N`
/// has the number of parts, which Kubernetes does not tell. Throws Error (invalid_input).
[[nodiscard]] Shard parse_shard(std::string_view text, const system::Environment& environment);

/// The part whose name this is, as in the names of its files; empty if it is none.
[[nodiscard]] std::optional<Shard> find_shard_named(std::string_view name);

}  // namespace rellama::batch

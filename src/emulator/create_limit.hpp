#pragma once

#include <mutex>
#include <optional>
#include <string_view>

#include "emulator/clock.hpp"
#include "emulator/faults.hpp"

namespace rellama::emulator {

/// Refuses creates above a rate: a bucket with as many tokens as are added to it in a minute.
/// Thread-safe.
class CreateLimit {
 public:
  /// `a_minute` 0: no limit. `refusal`: a 429 in any form of the grammar of faults. Throws as
  /// parse_fault does.
  CreateLimit(int a_minute, std::string_view refusal);

  [[nodiscard]] bool is_set() const noexcept { return a_minute_ > 0; }
  /// Counts a create at `now`. Returns the refusal if it comes too early.
  [[nodiscard]] std::optional<Fault> take(Clock::time_point now);

 private:
  const int a_minute_;
  Fault refusal_;
  std::mutex mutex_;
  double left_;
  Clock::time_point counted_at_ = {};
};

}  // namespace rellama::emulator

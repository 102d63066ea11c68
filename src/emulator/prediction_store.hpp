#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "emulator/prediction.hpp"

namespace rellama::emulator {

using PredictionPtr = std::shared_ptr<const Prediction>;

/// All predictions of one emulator, and the one place where its threads wait. Thread-safe.
class PredictionStore {
 public:
  PredictionStore();

  /// Gives the prediction an id where it has none, a creation time and, if `streams`, a stream.
  PredictionPtr add(Prediction prediction, bool streams);

  [[nodiscard]] PredictionPtr find(std::string_view id) const;
  [[nodiscard]] PredictionPtr find_stream(std::string_view key) const;
  /// Newest first.
  [[nodiscard]] std::vector<PredictionPtr> list() const;

  [[nodiscard]] Progress progress(const Prediction& prediction) const;

  /// Does nothing to one that is finished (docs/protocol.md §4).
  void cancel(const Prediction& prediction);

  /// Waits until more than `tokens` can be seen or the prediction is finished, at most until
  /// `deadline`. Empty when the emulator stops.
  [[nodiscard]] std::optional<Progress> wait(const Prediction& prediction, std::size_t tokens,
                                             Clock::time_point deadline) const;

  /// Sleeps; false when the emulator stops.
  bool pause(Clock::duration duration) const;

  /// Wakes everybody who waits, now and later.
  void stop();

 private:
  [[nodiscard]] std::string make_name(std::size_t letters);

  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  bool stopping_ = false;
  std::uint64_t random_;
  std::deque<std::shared_ptr<Prediction>> oldest_first_;
  std::unordered_map<std::string, std::shared_ptr<Prediction>> by_id_;
  std::unordered_map<std::string, std::shared_ptr<Prediction>> by_stream_;
};

}  // namespace rellama::emulator

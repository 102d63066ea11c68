#pragma once

#include <functional>
#include <optional>

#include "emulator/prediction_store.hpp"
#include "emulator/reply.hpp"

namespace rellama::emulator {

/// A reply that waits until a prediction is finished.
class PendingReply {
 public:
  using MakeReply = std::function<Reply(const Progress&)>;

  /// At `deadline`, if there is one, the reply is made from the progress so far.
  PendingReply(const PredictionStore& store, PredictionPtr prediction,
               std::optional<Clock::time_point> deadline, MakeReply make_reply);

  /// Returns the reply if it is due.
  [[nodiscard]] std::optional<Reply> take();
  /// When to ask again.
  [[nodiscard]] Clock::time_point again() const { return again_; }
  /// Has `changed` called when the reply may be due before `again`.
  void on_change(std::function<void()> changed);

 private:
  const PredictionStore& store_;
  PredictionPtr prediction_;
  std::optional<Clock::time_point> deadline_;
  MakeReply make_reply_;
  Clock::time_point again_ = {};
  PredictionStore::Subscription subscription_;
};

}  // namespace rellama::emulator

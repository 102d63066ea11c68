#include "emulator/pending_reply.hpp"

#include <algorithm>
#include <utility>

namespace rellama::emulator {

PendingReply::PendingReply(const PredictionStore& store, PredictionPtr prediction,
                           std::optional<Clock::time_point> deadline, MakeReply make_reply)
    : store_(store),
      prediction_(std::move(prediction)),
      deadline_(deadline),
      make_reply_(std::move(make_reply)) {}

std::optional<Reply> PendingReply::take() {
  const Clock::time_point now = Clock::now();
  const Progress progress = store_.progress(*prediction_, now);
  if (is_terminal(progress.status) || (deadline_ && now >= *deadline_)) {
    return make_reply_(progress);
  }
  again_ = store_.end_of(*prediction_);
  if (deadline_) again_ = std::min(again_, *deadline_);
  return std::nullopt;
}

void PendingReply::on_change(std::function<void()> changed) {
  subscription_ = store_.on_cancel(*prediction_, std::move(changed));
}

}  // namespace rellama::emulator

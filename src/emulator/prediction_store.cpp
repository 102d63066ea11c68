#include "emulator/prediction_store.hpp"

#include <algorithm>
#include <random>

#include "emulator/hash.hpp"

namespace rellama::emulator {
namespace {

constexpr std::size_t kMostPredictions = 10'000;

PredictionPtr find_in(
    const std::unordered_map<std::string, std::shared_ptr<Prediction>>& predictions,
    std::string_view key) {
  const auto found = predictions.find(std::string(key));
  return found == predictions.end() ? nullptr : found->second;
}

}  // namespace

// Ids differ from one emulator to the next, as a client may remember them.
PredictionStore::PredictionStore() : random_((std::uint64_t{std::random_device()()} << 32U)) {
  random_ += static_cast<std::uint64_t>(Clock::now().time_since_epoch().count());
}

std::string PredictionStore::make_name(std::size_t letters) {
  // Without i, l, o and u: as in ids since 2024 (docs/protocol.md §3).
  constexpr std::string_view kAlphabet = "0123456789abcdefghjkmnpqrstvwxyz";
  std::string name;
  while (name.size() < letters) {
    random_ = mix(random_);
    name += kAlphabet[random_ >> 59U];
  }
  return name;
}

PredictionPtr PredictionStore::add(Prediction prediction, bool streams) {
  const std::lock_guard lock(mutex_);
  if (prediction.id.empty()) prediction.id = make_name(26);
  if (streams) prediction.stream_key = make_name(52);
  prediction.created = Clock::now();
  prediction.created_wall =
      std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
  auto added = std::make_shared<Prediction>(std::move(prediction));
  by_id_[added->id] = added;
  if (streams) by_stream_[added->stream_key] = added;
  oldest_first_.push_back(added);
  if (oldest_first_.size() > kMostPredictions) {
    by_id_.erase(oldest_first_.front()->id);
    by_stream_.erase(oldest_first_.front()->stream_key);
    oldest_first_.pop_front();
  }
  return added;
}

PredictionPtr PredictionStore::find(std::string_view id) const {
  const std::lock_guard lock(mutex_);
  return find_in(by_id_, id);
}

PredictionPtr PredictionStore::find_stream(std::string_view key) const {
  const std::lock_guard lock(mutex_);
  return find_in(by_stream_, key);
}

std::vector<PredictionPtr> PredictionStore::list() const {
  const std::lock_guard lock(mutex_);
  return {oldest_first_.rbegin(), oldest_first_.rend()};
}

Progress PredictionStore::progress(const Prediction& prediction) const {
  const std::lock_guard lock(mutex_);
  return prediction.at(Clock::now());
}

void PredictionStore::cancel(const Prediction& prediction) {
  const std::lock_guard lock(mutex_);
  const auto found = by_id_.find(prediction.id);
  if (found == by_id_.end() || found->second->canceled) return;
  const Clock::time_point now = Clock::now();
  if (is_terminal(found->second->at(now).status)) return;
  found->second->canceled = now;
  changed_.notify_all();
}

std::optional<Progress> PredictionStore::wait(const Prediction& prediction, std::size_t tokens,
                                              Clock::time_point deadline) const {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    const Clock::time_point now = Clock::now();
    const Progress progress = prediction.at(now);
    if (progress.tokens > tokens || is_terminal(progress.status) || now >= deadline) {
      return progress;
    }
    const auto change = prediction.next_change(now);
    changed_.wait_until(lock, std::min(change.value_or(deadline), deadline));
  }
  return std::nullopt;
}

bool PredictionStore::pause(Clock::duration duration) const {
  std::unique_lock lock(mutex_);
  return !changed_.wait_until(lock, Clock::now() + duration, [this] { return stopping_; });
}

void PredictionStore::stop() {
  const std::lock_guard lock(mutex_);
  stopping_ = true;
  changed_.notify_all();
}

}  // namespace rellama::emulator

#include "emulator/prediction_store.hpp"

#include <algorithm>
#include <random>
#include <utility>

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

// IDs differ from one emulator to the next, since a client may remember them.
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

Progress PredictionStore::progress(const Prediction& prediction, Clock::time_point now) const {
  const std::lock_guard lock(mutex_);
  return prediction.at(now);
}

std::optional<Clock::time_point> PredictionStore::next_change(const Prediction& prediction,
                                                              Clock::time_point now) const {
  const std::lock_guard lock(mutex_);
  return prediction.next_change(now);
}

Clock::time_point PredictionStore::end_of(const Prediction& prediction) const {
  const std::lock_guard lock(mutex_);
  return prediction.end();
}

void PredictionStore::cancel(const Prediction& prediction) {
  std::vector<std::function<void()>> to_call;
  {
    const std::lock_guard lock(mutex_);
    const auto found = by_id_.find(prediction.id);
    if (found == by_id_.end() || found->second->canceled) return;
    const Clock::time_point now = Clock::now();
    if (is_terminal(found->second->at(now).status)) return;
    found->second->canceled = now;
    for (const Subscriber& subscriber : subscribers_) {
      if (subscriber.prediction == found->second.get()) to_call.push_back(subscriber.canceled);
    }
  }
  for (const auto& canceled : to_call) canceled();
}

PredictionStore::Subscription PredictionStore::on_cancel(const Prediction& prediction,
                                                         std::function<void()> canceled) const {
  const std::lock_guard lock(mutex_);
  return {*this, subscribers_.insert(subscribers_.end(), {&prediction, std::move(canceled)})};
}

PredictionStore::Subscription::Subscription(Subscription&& other) noexcept
    : store_(std::exchange(other.store_, nullptr)), place_(other.place_) {}

PredictionStore::Subscription& PredictionStore::Subscription::operator=(
    Subscription&& other) noexcept {
  end();
  store_ = std::exchange(other.store_, nullptr);
  place_ = other.place_;
  return *this;
}

void PredictionStore::Subscription::end() {
  if (store_ == nullptr) return;
  std::list<Subscriber> ended;  // destroyed without the lock: it may own anything
  const std::lock_guard lock(store_->mutex_);
  ended.splice(ended.end(), store_->subscribers_, place_);
  store_ = nullptr;
}

}  // namespace rellama::emulator

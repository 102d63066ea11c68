#include "emulator/picture_store.hpp"

#include <random>

#include "emulator/hash.hpp"

namespace rellama::emulator {
namespace {

constexpr std::size_t kMostPictures = 40'000;

}  // namespace

PictureStore::PictureStore() : random_((std::uint64_t{std::random_device()()} << 32U)) {
  random_ += static_cast<std::uint64_t>(Clock::now().time_since_epoch().count());
}

std::string PictureStore::add(const Picture& picture, Clock::duration retention) {
  const std::lock_guard lock(mutex_);
  random_ = mix(random_);
  const std::string key = hex_of(random_) + hex_of(mix(~random_));
  by_key_[key] = {picture, Clock::now() + retention};
  oldest_first_.push_back(key);
  if (oldest_first_.size() > kMostPictures) {
    by_key_.erase(oldest_first_.front());
    oldest_first_.pop_front();
  }
  return key;
}

std::optional<Picture> PictureStore::find(std::string_view key) const {
  const std::lock_guard lock(mutex_);
  const auto found = by_key_.find(std::string(key));
  if (found == by_key_.end() || Clock::now() >= found->second.removed_at) return std::nullopt;
  return found->second.picture;
}

}  // namespace rellama::emulator

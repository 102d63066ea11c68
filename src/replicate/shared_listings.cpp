#include "replicate/shared_listings.hpp"

#include <algorithm>
#include <utility>

namespace rellama::replicate {

const Listing* SharedListings::find(std::chrono::system_clock::time_point created_after,
                                    http::Clock::time_point asked_at) const {
  const auto found = std::find_if(listings_.begin(), listings_.end(), [&](const Listing& listing) {
    return listing.created_after <= created_after && listing.asked_at > asked_at;
  });
  return found == listings_.end() ? nullptr : &*found;
}

void SharedListings::add(Listing listing) {
  being_made_ = false;
  listings_.push_back(std::move(listing));
  if (listings_.size() > kMostKept) listings_.pop_front();
}

void SharedListings::give_up(std::optional<Error> error, http::Clock::time_point now) {
  being_made_ = false;
  failure_ = std::move(error);
  failed_at_ = now;
}

const Error* SharedListings::failure_after(http::Clock::time_point since) const {
  return failure_ && failed_at_ >= since ? &*failure_ : nullptr;
}

}  // namespace rellama::replicate

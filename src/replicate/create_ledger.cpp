#include "replicate/create_ledger.hpp"

#include <new>

namespace rellama::replicate {

CreateLedger::Entry::Entry(CreateLedger& ledger, std::size_t request)
    : ledger_(ledger), request_(request) {
  ++ledger_.counts_[request_].pending;
}

CreateLedger::Entry::~Entry() {
  leave();
}

void CreateLedger::Entry::started(const std::string& id) {
  leave();
  try {
    if (!ledger_.ids_.insert(id).second) return;
    ledger_.oldest_.push_back(id);
  } catch (const std::bad_alloc&) {
    return;  // then others may find it; but it must not be lost for that
  }
  if (ledger_.oldest_.size() <= kMaxIds) return;
  ledger_.ids_.erase(ledger_.oldest_.front());
  ledger_.oldest_.pop_front();
}

void CreateLedger::Entry::lost() {
  if (state_ != State::pending) return;
  Counts& counts = ledger_.counts_[request_];
  --counts.pending;
  ++counts.lost;
  state_ = State::lost;
}

std::size_t CreateLedger::Entry::lost_count() const {
  return ledger_.counts_.at(request_).lost;
}

bool CreateLedger::Entry::others_pending() const {
  return ledger_.counts_.at(request_).pending > (state_ == State::pending ? 1U : 0U);
}

void CreateLedger::Entry::leave() {
  if (state_ == State::over) return;
  const auto found = ledger_.counts_.find(request_);
  Counts& counts = found->second;
  --(state_ == State::pending ? counts.pending : counts.lost);
  state_ = State::over;
  if (counts.pending == 0 && counts.lost == 0) ledger_.counts_.erase(found);
}

}  // namespace rellama::replicate

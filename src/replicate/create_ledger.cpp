#include "replicate/create_ledger.hpp"

#include <algorithm>
#include <new>

namespace rellama::replicate {

CreateLedger::Entry::Entry(CreateLedger& ledger, std::size_t request, std::size_t input)
    : ledger_(ledger), request_(request) {
  Counts& counts = ledger_.counts_[request_];
  counts.input = input;
  ++counts.pending;
}

CreateLedger::Entry::~Entry() {
  if (state_ == State::lost) ++ledger_.counts_.find(request_)->second.given_up;
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

void CreateLedger::Entry::started_nothing() {
  leave();
}

std::size_t CreateLedger::Entry::lost_count() const {
  return ledger_.counts_.at(request_).lost;
}

bool CreateLedger::Entry::others_given_up() const {
  return ledger_.counts_.at(request_).given_up > 0;
}

bool CreateLedger::Entry::others_pending() const {
  return ledger_.counts_.at(request_).pending > (state_ == State::pending ? 1U : 0U);
}

bool CreateLedger::Entry::siblings_pending() const {
  return any_sibling([](const Counts& counts) { return counts.pending > 0; });
}

bool CreateLedger::Entry::siblings_lost() const {
  return any_sibling([](const Counts& counts) { return counts.lost + counts.given_up > 0; });
}

template <typename Has>
bool CreateLedger::Entry::any_sibling(Has has) const {
  const std::size_t input = ledger_.counts_.at(request_).input;
  return std::any_of(ledger_.counts_.begin(), ledger_.counts_.end(), [&](const auto& other) {
    return other.first != request_ && other.second.input == input && has(other.second);
  });
}

void CreateLedger::Entry::leave() {
  if (state_ == State::over) return;
  const auto found = ledger_.counts_.find(request_);
  Counts& counts = found->second;
  --(state_ == State::pending ? counts.pending : counts.lost);
  state_ = State::over;
  if (counts.pending + counts.lost + counts.given_up == 0) ledger_.counts_.erase(found);
}

}  // namespace rellama::replicate

#include "batch/verdict.hpp"

#include <utility>

#include "rellama/outcome.hpp"

namespace rellama::batch {
namespace {

bool is_stop(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::deadline:
    case ErrorKind::hung_up:
    case ErrorKind::interrupted:
    case ErrorKind::output_closed:
    case ErrorKind::terminated: return true;
    default: return false;
  }
}

bool was_canceled(const Prediction& prediction) {
  return prediction.status == Status::canceled || prediction.status == Status::aborted;
}

Verdict judge_prediction(const RowEnd& end, const RunFacts& facts) {
  auto failure = find_failure(end.prediction);
  if (!failure) return {.next = Next::answered};
  const bool by_us = facts.was_canceled && was_canceled(end.prediction);
  return {.next = by_us ? Next::send_again : Next::failed, .error = std::move(failure)};
}

}  // namespace

Verdict judge(const RowEnd& end, const RunFacts& facts) {
  if (!end.error) return judge_prediction(end, facts);
  const bool is_created = !end.prediction.id.value.empty();
  const bool is_known = is_created || facts.may_have_been_sent;
  const auto with = [&end](Next next, bool stops = false) {
    return Verdict{.next = next, .error = end.error, .stops_batch = stops};
  };
  const ErrorKind kind = end.error->kind();
  if (is_stop(kind)) {
    if (is_created) return with(Next::canceled);
    return with(facts.may_have_been_sent ? Next::leave : Next::unsent);
  }
  switch (kind) {
    case ErrorKind::unauthorized:
    case ErrorKind::payment_required:
      return with(is_known ? Next::leave : Next::unsent, /*stops=*/true);
    case ErrorKind::not_found:
      // The prediction, or the model.
      return is_created ? with(Next::failed) : with(Next::unsent, /*stops=*/true);
    case ErrorKind::network:
    case ErrorKind::server:
    case ErrorKind::rate_limited:
      if (is_created) return with(Next::read_later);
      return with(facts.may_have_been_sent ? Next::find_later : Next::send_later);
    case ErrorKind::may_have_started:
      return with(end.not_searched || facts.attempts + 1 < kMostSearches ? Next::find_later
                                                                         : Next::failed);
    default: return with(Next::failed);
  }
}

}  // namespace rellama::batch

#include "batch/verdict.hpp"

#include <gtest/gtest.h>

namespace rellama::batch {
namespace {

RowEnd end_with(ErrorKind kind, const std::string& id = {}) {
  RowEnd end;
  end.prediction.id.value = id;
  end.error = Error(kind, {.failed = "it failed"});
  return end;
}

RowEnd end_with(Status status) {
  RowEnd end;
  end.prediction.id.value = "p1";
  end.prediction.status = status;
  end.prediction.output.append("text");
  return end;
}

TEST(Verdicts, a_succeeded_prediction_is_an_answer_and_a_failed_one_a_failed_row) {
  EXPECT_EQ(judge(end_with(Status::succeeded), {}).next, Next::answered);
  const Verdict failed = judge(end_with(Status::failed), {});
  EXPECT_EQ(failed.next, Next::failed);
  EXPECT_EQ(failed.error->kind(), ErrorKind::prediction_failed);
}

TEST(Verdicts, a_prediction_that_we_canceled_is_sent_again_and_one_that_others_canceled_is_not) {
  EXPECT_EQ(judge(end_with(Status::canceled), {}).next, Next::failed);
  EXPECT_EQ(judge(end_with(Status::canceled), {.was_canceled = true}).next, Next::send_again);
  EXPECT_EQ(judge(end_with(Status::succeeded), {.was_canceled = true}).next, Next::answered);
}

TEST(Verdicts, what_would_fail_every_row_stops_the_batch_and_fails_no_row) {
  for (const auto kind :
       {ErrorKind::unauthorized, ErrorKind::payment_required, ErrorKind::not_found}) {
    const Verdict verdict = judge(end_with(kind), {});
    EXPECT_EQ(verdict.next, Next::unsent);
    EXPECT_TRUE(verdict.stops_batch);
  }
  // A prediction that is gone is not a missing model.
  EXPECT_FALSE(judge(end_with(ErrorKind::not_found, "p1"), {}).stops_batch);
}

TEST(Verdicts, a_stopped_row_keeps_what_may_have_been_billed) {
  EXPECT_EQ(judge(end_with(ErrorKind::interrupted), {}).next, Next::unsent);
  EXPECT_EQ(judge(end_with(ErrorKind::interrupted, "p1"), {}).next, Next::canceled);
  EXPECT_EQ(judge(end_with(ErrorKind::interrupted), {.may_have_been_sent = true}).next,
            Next::leave);
}

TEST(Verdicts, an_unreachable_server_fails_no_row) {
  EXPECT_EQ(judge(end_with(ErrorKind::network), {}).next, Next::send_later);
  EXPECT_EQ(judge(end_with(ErrorKind::network), {.may_have_been_sent = true}).next,
            Next::find_later);
  EXPECT_EQ(judge(end_with(ErrorKind::server, "p1"), {}).next, Next::read_later);
}

TEST(Verdicts, a_row_that_may_have_been_sent_is_looked_for_before_it_fails) {
  EXPECT_EQ(judge(end_with(ErrorKind::may_have_started), {}).next, Next::find_later);
  RowEnd unsearched = end_with(ErrorKind::may_have_started);
  unsearched.not_searched = true;
  EXPECT_EQ(judge(unsearched, {.may_have_been_sent = true, .attempts = 100}).next,
            Next::find_later);
  EXPECT_EQ(judge(end_with(ErrorKind::may_have_started), {.attempts = kMostSearches - 2}).next,
            Next::find_later);
  EXPECT_EQ(judge(end_with(ErrorKind::may_have_started), {.attempts = kMostSearches - 1}).next,
            Next::failed);
}

}  // namespace
}  // namespace rellama::batch

// What keeps `rellama batch` from sending more.

#include <signal.h>

#include <thread>

#include "program/batch_fixture.hpp"
#include "support/expect_error.hpp"

namespace rellama::test {
namespace {

class BatchLimits : public BatchProgram {};

TEST_F(BatchLimits, a_refused_token_stops_the_batch_and_fails_no_row) {
  for (const auto& [fault, code] :
       std::map<std::string, int>{{"create:401", 3}, {"create:402", 5}, {"create:404", 4}}) {
    start_emulator_with({fault});
    const Outcome outcome =
        rellama({"batch", "-m", "meta/llama-2-7b-chat", numbered_rows(40), "-j", "4"});
    EXPECT_EQ(outcome.exit_code, code) << outcome.err;
    EXPECT_EQ(outcome.out, "");
    EXPECT_TRUE(holds(outcome.err, "0 answered + 0 failed + 40 unsent")) << fault;
    EXPECT_LE(creates(), 4U);
    std::filesystem::remove_all(home_ / ".local");
  }
}

TEST_F(BatchLimits, stops_when_too_many_rows_have_failed) {
  start_emulator_with({"predict:failed"});
  const Outcome fast = batch({numbered_rows(50), "--fail-fast", "-j1"});
  EXPECT_EQ(fast.exit_code, 12);
  EXPECT_EQ(results_in(fast.out).size(), 1U);
  EXPECT_TRUE(holds(fast.err, "1 failed + 49 unsent"));
  EXPECT_TRUE(holds(fast.err, "nothing more was sent: a row has failed (--fail-fast)"));
  std::filesystem::remove_all(home_ / ".local");
  const Outcome some = batch({numbered_rows(50), "--max-failures", "3", "-j1"});
  EXPECT_EQ(results_in(some.out).size(), 4U);
}

TEST_F(BatchLimits, failures_of_earlier_runs_do_not_stop_it_again) {
  start_emulator_with({"predict:failed*1", "predict:ok*3", "predict:failed*1"});
  const std::vector<std::string> usual{numbered_rows(8), "--fail-fast", "-j1", "-O",
                                       path("out"),      "--resume"};
  EXPECT_TRUE(holds(batch(usual).err, "0 answered + 1 failed + 7 unsent"));
  const Outcome second = batch(usual);
  EXPECT_EQ(second.exit_code, 12);
  EXPECT_TRUE(holds(second.err, "3 answered + 2 failed + 3 unsent")) << second.err;
}

TEST_F(BatchLimits, throttling_fails_no_row_however_long_it_lasts) {
  start_emulator_with({"create:ok*40", "create:429@1*6", "create:ok*3", "create:429@1*1"});
  const Outcome outcome = batch({numbered_rows(45), "-j", "4", "-q"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  expect_all_answered(outcome.out, 45);
  EXPECT_EQ(predictions(), 45U);
}

TEST_F(BatchLimits, what_it_can_cost_is_said_and_limited_before_the_first_create) {
  const std::string input = numbered_rows(10);
  const Outcome dear = batch({input, "--price", "1/1000", "--max-cost", "1"});
  EXPECT_EQ(dear.exit_code, 2);
  EXPECT_TRUE(holds(dear.err, "the batch can cost $5.0"));
  EXPECT_EQ(batch({input, "--max-cost", "1"}).exit_code, 2);
  EXPECT_EQ(batch({input, "--max-predictions", "9"}).exit_code, 2);
  EXPECT_EQ(creates(), 0U);
  EXPECT_TRUE(holds(rellama({"batch", "list"}).err, "there are no batches"));
  const Outcome fine = batch({input, "--price", "1/1000", "--max-cost", "6", "--price-date",
                              "2026-05-01", "--max-predictions", "10"});
  EXPECT_EQ(fine.exit_code, 0) << fine.err;
  EXPECT_TRUE(holds(fine.err, "(prices of 2026-05-01)"));
}

TEST_F(BatchLimits, the_limit_of_a_day_counts_all_batches_and_the_rest_can_be_sent_later) {
  const auto limited = [&](const std::string& input, const std::string& output) {
    return batch({input, "-O", path(output), "--max-predictions-per-day", "12", "--resume"});
  };
  const std::string input = numbered_rows(10);
  EXPECT_EQ(limited(input, "a.jsonl").exit_code, 0);
  const Outcome second = limited(input, "b.jsonl");
  EXPECT_EQ(second.exit_code, 12);
  EXPECT_TRUE(holds(second.err, "2 answered + 0 failed + 8 unsent"));
  EXPECT_TRUE(holds(second.err, "no more predictions may be started today"));
  EXPECT_EQ(predictions(), 12U);
  EXPECT_EQ(batch({input, "-O", path("b.jsonl"), "--resume"}).exit_code, 0);
  EXPECT_EQ(predictions(), 20U);
}

TEST_F(BatchLimits,
       what_a_running_batch_can_cost_is_reserved_and_what_was_not_sent_is_counted_back) {
  emulator::EmulatorOptions slow;
  slow.token_rate = 1;
  slow.faults = {"create:ok*1", "create:400"};
  start_emulator(slow);
  const std::vector<std::string> limit{
      numbered_rows(4), "--price", "0/1000", "--max-cost-per-day", "3", "--resume", "-q", "-j1",
      "--cancel-after", "20s",     "-O"};
  auto first = limit;
  first.insert(first.begin(), {"batch", "-m", kEcho});
  first.push_back(path("a.jsonl"));
  Process running(launch(first));
  while (creates() == 0) std::this_thread::yield();
  auto second = limit;
  second.push_back(path("b.jsonl"));
  const Outcome refused = batch(second);
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_TRUE(holds(refused.err, "other batches that have not ended can cost $")) << refused.err;
  running.send_signal(SIGKILL);
  (void)running.wait();
  EXPECT_EQ(batch(second).exit_code, 2) << "its prediction may be running";
  EXPECT_EQ(rellama({"batch", "delete", path("a.jsonl")}).exit_code, 0);
  auto counted = second;
  counted.insert(counted.begin(), {"--max-predictions-per-day", "2"});
  EXPECT_EQ(batch(counted).exit_code, 12);
  EXPECT_EQ(results("b.jsonl").size(), 4U) << "what was refused was not started";
}

TEST_F(BatchLimits, its_time_limit_cancels_what_never_ends) {
  emulator::EmulatorOptions slow;
  slow.token_rate = 0.01;
  start_emulator(slow);
  const Outcome outcome = batch({file("in.txt", "one two three\n"), "--timeout", "1s"});
  EXPECT_NE(outcome.exit_code, 0);
  EXPECT_EQ(creates(), 1U);
  EXPECT_EQ(cancels(), 1U);
}

TEST_F(BatchLimits, its_time_limit_ends_the_wait_for_an_input) {
  const Outcome outcome = shell("cd " + home_.string() +
                                "; mkfifo p; rellama batch -m rellama-demo/echo p --timeout 100ms");
  EXPECT_NE(outcome.exit_code, 0);
  EXPECT_EQ(creates(), 0U);
}

}  // namespace
}  // namespace rellama::test

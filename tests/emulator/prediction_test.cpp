#include "emulator/prediction.hpp"

#include <gtest/gtest.h>

namespace rellama::emulator {
namespace {

using namespace std::chrono_literals;

Prediction ten_tokens() {
  Prediction prediction;
  prediction.script.tokens.assign(10, "x");
  prediction.pace = {.cold_boot = 1s, .token_rate = 10};
  prediction.created = Clock::time_point(1000s);
  return prediction;
}

TEST(EmulatedPrediction, its_status_and_tokens_follow_from_the_clock) {
  const Prediction prediction = ten_tokens();
  const auto at = [&](Clock::duration after) { return prediction.at(prediction.created + after); };
  EXPECT_EQ(at(0s).status, Status::starting);
  EXPECT_EQ(at(999ms).status, Status::starting);
  EXPECT_EQ(at(1s).status, Status::processing);
  EXPECT_EQ(at(1s).tokens, 0U);
  EXPECT_EQ(at(1550ms).tokens, 5U);
  EXPECT_EQ(at(1999ms).status, Status::processing);
  EXPECT_EQ(at(2001ms).status, Status::succeeded);
  EXPECT_EQ(at(2001ms).tokens, 10U);
  EXPECT_EQ(at(2001ms).started, prediction.created + 1s);
}

TEST(EmulatedPrediction, its_next_change_is_known_in_advance) {
  const Prediction prediction = ten_tokens();
  const auto change = [&](Clock::duration after) {
    return *prediction.next_change(prediction.created + after) - prediction.created;
  };
  EXPECT_EQ(change(0s), 1s);
  EXPECT_NEAR(std::chrono::duration<double>(change(1s)).count(), 1.1, 1e-6);
  EXPECT_FALSE(prediction.next_change(prediction.created + 3s));
}

TEST(EmulatedPrediction, a_deadline_aborts_before_the_start_and_cancels_after_it) {
  Prediction prediction = ten_tokens();
  prediction.pace.cold_boot = 10s;
  prediction.cancel_after = 5s;
  EXPECT_EQ(prediction.at(prediction.created + 6s).status, Status::aborted);
  EXPECT_FALSE(prediction.at(prediction.created + 20s).started);

  prediction.pace = {.cold_boot = 1s, .token_rate = 1};
  const Progress progress = prediction.at(prediction.created + 20s);
  EXPECT_EQ(progress.status, Status::canceled);
  EXPECT_EQ(progress.tokens, 4U);
  EXPECT_EQ(progress.completed, prediction.created + 5s);
}

TEST(EmulatedPrediction, a_canceled_prediction_keeps_its_output) {
  Prediction prediction = ten_tokens();
  prediction.canceled = prediction.created + 1350ms;
  const Progress progress = prediction.at(prediction.created + 5s);
  EXPECT_EQ(progress.status, Status::canceled);
  EXPECT_EQ(progress.tokens, 3U);
}

TEST(EmulatedPrediction, its_data_is_removed_after_the_retention_time) {
  const Prediction prediction = ten_tokens();
  EXPECT_FALSE(prediction.at(prediction.created + 59min).removed);
  const Progress progress = prediction.at(prediction.created + 62min);
  EXPECT_TRUE(progress.removed);
  const Json json = prediction_json(prediction, progress, View::current, "http://x");
  EXPECT_EQ(json["output"], nullptr);
  EXPECT_EQ(json["data_removed"], true);
  EXPECT_EQ(json["status"], "succeeded");
}

TEST(EmulatedPrediction, without_a_rate_all_tokens_come_at_once) {
  Prediction prediction = ten_tokens();
  prediction.pace = {};
  EXPECT_EQ(prediction.at(prediction.created).status, Status::succeeded);
  EXPECT_EQ(prediction.at(prediction.created).tokens, 10U);
}

}  // namespace
}  // namespace rellama::emulator

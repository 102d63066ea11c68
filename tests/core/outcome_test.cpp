#include "rellama/outcome.hpp"

#include <gtest/gtest.h>

#include <string>

#include "support/expect_error.hpp"

namespace rellama {
namespace {

Usage usage_in(const std::string& metrics) {
  Prediction prediction;
  prediction.metrics.text = metrics;
  return usage_of(prediction);
}

TEST(Outcome, usage_is_read_from_the_metrics) {
  const Usage usage = usage_in(R"({"input_token_count": 25, "output_token_count": 187,
                                   "predict_time": 3.25, "tokens_per_second": 57.5})");
  EXPECT_EQ(usage.input_tokens, 25);
  EXPECT_EQ(usage.output_tokens, 187);
  EXPECT_EQ(usage.seconds, 3.25);
  EXPECT_EQ(usage.tokens_per_second, 57.5);
}

TEST(Outcome, metrics_that_are_not_an_object_are_no_usage) {
  for (const char* metrics : {"", "null", "[25]", "\"25\"", "{\"output_token_count\": 25", "{}"}) {
    const Usage usage = usage_in(metrics);
    EXPECT_FALSE(usage.input_tokens || usage.output_tokens || usage.seconds ||
                 usage.tokens_per_second)
        << metrics;
  }
}

TEST(Outcome, a_hostile_token_count_is_left_out_and_the_rest_kept) {
  for (const char* count :
       {"-1", "1e300", "1e15", "18446744073709551615", "\"7\"", "null", "[7]", "{}", "true"}) {
    const Usage usage =
        usage_in(R"({"input_token_count": 25, "output_token_count": )" + std::string(count) + "}");
    EXPECT_EQ(usage.input_tokens, 25) << count;
    EXPECT_FALSE(usage.output_tokens) << count;
  }
}

Prediction ended_with(const std::string& input, const std::string& metrics) {
  Prediction prediction;
  prediction.status = Status::succeeded;
  prediction.input.text = input;
  prediction.metrics.text = metrics;
  return prediction;
}

TEST(Outcome, an_answer_with_as_many_tokens_as_allowed_has_reached_its_limit) {
  const std::string metrics = R"({"output_token_count": 500})";
  const auto limit_for = [&metrics](const std::string& input) {
    return find_token_limit_reached(ended_with(input, metrics));
  };
  EXPECT_EQ(limit_for(R"({"max_new_tokens": 500})"), 500);
  EXPECT_EQ(limit_for(R"({"max_new_tokens": 499})"), 499);
  EXPECT_EQ(limit_for(R"({"max_tokens": 500})"), 500);
  EXPECT_FALSE(limit_for(R"({"max_new_tokens": 501})"));
}

TEST(Outcome, no_limit_is_reported_without_a_usable_limit_and_count) {
  const std::string count = R"({"output_token_count": 500})";
  EXPECT_FALSE(find_token_limit_reached(ended_with("{}", count)));
  EXPECT_FALSE(find_token_limit_reached(ended_with("", count)));
  EXPECT_FALSE(find_token_limit_reached(ended_with(R"({"max_new_tokens": 0})", count)));
  EXPECT_FALSE(find_token_limit_reached(ended_with(R"({"max_new_tokens": -1})", count)));
  EXPECT_FALSE(find_token_limit_reached(ended_with(R"({"max_new_tokens": "500"})", count)));
  EXPECT_FALSE(find_token_limit_reached(ended_with(R"({"max_new_tokens": 500})", "{}")));
}

Prediction ended_as(Status status) {
  Prediction prediction;
  prediction.id = {"p1"};
  prediction.status = status;
  return prediction;
}

TEST(Outcome, a_success_is_no_failure_even_without_output) {
  EXPECT_FALSE(find_failure(ended_as(Status::succeeded)));
}

TEST(Outcome, output_that_replicate_deleted_is_incomplete) {
  Prediction prediction = ended_as(Status::succeeded);
  prediction.data_removed = true;
  const auto error = find_failure(prediction);
  ASSERT_TRUE(error);
  EXPECT_EQ(error->kind(), ErrorKind::incomplete);
  prediction.output.append("Hello");  // received before it was deleted
  EXPECT_FALSE(find_failure(prediction));
}

TEST(Outcome, a_failed_prediction_says_why_and_where_to_look) {
  Prediction prediction = ended_as(Status::failed);
  prediction.error = "CUDA out of memory";
  prediction.get_url = "https://api.replicate.com/v1/predictions/p1";
  const auto error = find_failure(prediction);
  ASSERT_TRUE(error);
  EXPECT_EQ(error->kind(), ErrorKind::prediction_failed);
  EXPECT_EQ(error->parts().why, "CUDA out of memory");
  EXPECT_EQ(error->parts().prediction_id, "p1");
  EXPECT_TRUE(test::holds(error->parts().remedy, "https://replicate.com/p/p1"));
}

TEST(Outcome, a_failure_in_a_container_does_not_point_to_replicate) {
  const auto error = find_failure(ended_as(Status::failed));
  ASSERT_TRUE(error);
  EXPECT_FALSE(error->parts().why.empty());
  EXPECT_EQ(error->parts().remedy.find("replicate.com"), std::string::npos);
}

TEST(Outcome, a_prediction_ended_by_someone_else_was_canceled) {
  for (const Status status : {Status::canceled, Status::aborted}) {
    const auto error = find_failure(ended_as(status));
    ASSERT_TRUE(error);
    EXPECT_EQ(error->kind(), ErrorKind::canceled);
    EXPECT_TRUE(test::holds(error->parts().failed, std::string(render_status(status))));
  }
}

Prediction failed_with(const std::string& error, const std::string& logs) {
  Prediction prediction;
  prediction.id.value = "p1";
  prediction.status = Status::failed;
  prediction.error = error;
  prediction.logs = logs;
  return prediction;
}

TEST(Outcome, a_run_that_failed_without_a_reason_has_the_last_lines_of_its_log) {
  const std::string log =
      "loading 10%\rloading 100%\r\n\nTraceback (most recent call last):\nValueError: too long\n";
  for (const std::string error : {"", " \n"}) {
    EXPECT_EQ(reason_of(failed_with(error, log)),
              "it gave no reason; its log ends with:\nloading 100%\n"
              "Traceback (most recent call last):\nValueError: too long");
  }
  EXPECT_TRUE(test::holds(find_failure(failed_with("", log))->what(), "ValueError: too long"));
}

TEST(Outcome, a_reason_is_shown_without_the_log) {
  EXPECT_EQ(reason_of(failed_with("out of memory", "line")), "out of memory");
  EXPECT_EQ(reason_of(failed_with("", "")), "");
  EXPECT_TRUE(test::holds(find_failure(failed_with("", "\n"))->what(), "it gave no reason"));
}

TEST(Outcome, a_long_log_is_cut_to_its_end) {
  std::string log;
  for (int line = 0; line < 1000; ++line) log += "line " + std::to_string(line) + "\n";
  const std::string reason = reason_of(failed_with("", log + std::string(5000, 'x')));
  EXPECT_EQ(reason.find("line 990\n"), std::string::npos);
  EXPECT_NE(reason.find("line 999\n"), std::string::npos);
  EXPECT_LT(reason.size(), 1000U);
}

TEST(Outcome, a_log_explains_only_a_failure) {
  Prediction prediction = failed_with("", "all is well\n");
  prediction.status = Status::succeeded;
  EXPECT_EQ(reason_of(prediction), "");
}

}  // namespace
}  // namespace rellama

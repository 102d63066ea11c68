#include "run/usage_line.hpp"

#include <gtest/gtest.h>

#include <string>

namespace rellama::program {
namespace {

std::string line_for(const std::string& metrics) {
  Prediction prediction;
  prediction.metrics.text = metrics;
  return render_usage(prediction);
}

TEST(UsageLine, shows_tokens_time_and_rate) {
  EXPECT_EQ(line_for(R"({"input_token_count": 25, "output_token_count": 187,
                         "predict_time": 3.24, "tokens_per_second": 58.06})"),
            "rellama: 25 tokens in, 187 out · 3.2 s · 58.1 tokens/s\n");
}

TEST(UsageLine, shows_only_what_the_server_reported) {
  EXPECT_EQ(line_for(R"({"predict_time": 3})"), "rellama: 3.0 s\n");
  EXPECT_EQ(line_for(R"({"output_token_count": 187, "predict_time": 3})"), "rellama: 3.0 s\n");
}

TEST(UsageLine, says_so_if_the_server_reported_nothing) {
  for (const char* metrics : {"", "{}", "null", R"({"predict_time": "long"})"}) {
    EXPECT_EQ(line_for(metrics), "rellama: the server reported no metrics\n") << metrics;
  }
}

TEST(UsageLine, a_hostile_number_stays_on_one_short_line) {
  const std::string line = line_for(R"({"predict_time": 1e308})");
  EXPECT_LT(line.size(), 100U);
  EXPECT_EQ(line.find('\n'), line.size() - 1);
}

}  // namespace
}  // namespace rellama::program

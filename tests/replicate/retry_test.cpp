#include "replicate/retry.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>
#include <string>
#include <utility>

namespace rellama::replicate {
namespace {

using std::chrono::milliseconds;
using Cause = http::Failure::Cause;

http::Response response(int status, http::Headers headers = {}, std::string body = {}) {
  return {status, std::move(headers), std::move(body)};
}

// The way HTTP writes a moment.
std::string http_date(std::chrono::seconds from_now) {
  const std::time_t when =
      std::chrono::system_clock::to_time_t(std::chrono::system_clock::now() + from_now);
  std::tm parts{};
  gmtime_r(&when, &parts);
  std::array<char, 64> text{};
  const std::size_t length =
      std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
  return {text.data(), length};
}

TEST(MayRepeat, a_throttled_request_was_not_taken_so_even_a_create_may_go_out_again) {
  EXPECT_TRUE(may_repeat(Repeat::freely, response(429)));
  EXPECT_TRUE(may_repeat(Repeat::if_surely_not_taken, response(429)));
}

TEST(MayRepeat, no_create_is_repeated_after_any_other_answer) {
  for (int status = 100; status < 600; ++status) {
    if (status == 429) continue;
    EXPECT_FALSE(may_repeat(Repeat::if_surely_not_taken, response(status))) << status;
  }
}

TEST(MayRepeat, reading_is_repeated_after_trouble_on_the_servers_side_only) {
  for (const int status : {408, 500, 502, 503, 504, 520, 529}) {
    EXPECT_TRUE(may_repeat(Repeat::freely, response(status))) << status;
  }
  for (const int status : {200, 201, 202, 204, 301, 307, 400, 401, 402, 403, 404, 409, 422}) {
    EXPECT_FALSE(may_repeat(Repeat::freely, response(status))) << status;
  }
}

TEST(MayRepeat, a_create_is_repeated_only_if_no_byte_of_it_left) {
  for (const Cause cause : {Cause::connection, Cause::timed_out}) {
    EXPECT_TRUE(may_repeat(Repeat::if_surely_not_taken, http::Failure{cause, false, ""}));
    EXPECT_FALSE(may_repeat(Repeat::if_surely_not_taken, http::Failure{cause, true, ""}));
    EXPECT_TRUE(may_repeat(Repeat::freely, http::Failure{cause, true, ""}));
    EXPECT_TRUE(may_repeat(Repeat::freely, http::Failure{cause, false, ""}));
  }
}

TEST(MayRepeat, what_would_only_fail_again_is_not_repeated) {
  for (const Cause cause : {Cause::certificate, Cause::too_large, Cause::stopped}) {
    for (const bool sent : {false, true}) {
      EXPECT_FALSE(may_repeat(Repeat::freely, http::Failure{cause, sent, ""}));
      EXPECT_FALSE(may_repeat(Repeat::if_surely_not_taken, http::Failure{cause, sent, ""}));
    }
  }
}

TEST(Backoff, doubles_from_half_a_second_to_thirty_less_up_to_a_quarter) {
  milliseconds full{500};
  for (int attempt = 1; attempt <= 12; ++attempt) {
    for (int again = 0; again < 50; ++again) {
      const milliseconds delay = backoff(attempt, milliseconds{500});
      EXPECT_LE(delay, full) << attempt;
      EXPECT_GE(delay, full * 3 / 4 - milliseconds{1}) << attempt;
    }
    full = std::min(full * 2, milliseconds{30'000});
  }
}

TEST(Backoff, does_not_overflow_however_often_it_is_asked) {
  EXPECT_LE(backoff(10'000, milliseconds{500}), milliseconds{30'000});
  EXPECT_GE(backoff(10'000, milliseconds{500}), milliseconds{22'000});
}

TEST(RequestedDelay, nobody_asks_for_one) {
  EXPECT_EQ(requested_delay(response(503)), std::nullopt);
  EXPECT_EQ(requested_delay(response(429, {}, R"({"detail":"resets in ~30s"})")), std::nullopt);
}

TEST(RequestedDelay, retry_after_in_seconds) {
  EXPECT_EQ(requested_delay(response(503, {{"retry-after", "7"}})), milliseconds{7'000});
  EXPECT_EQ(requested_delay(response(429, {{"retry-after", "0"}})), milliseconds{0});
  EXPECT_EQ(requested_delay(response(429, {{"retry-after", "0.5"}})), milliseconds{500});
}

TEST(RequestedDelay, retry_after_as_a_date) {
  const auto delay =
      requested_delay(response(503, {{"retry-after", http_date(std::chrono::seconds(3'600))}}));
  ASSERT_TRUE(delay);
  EXPECT_GT(*delay, std::chrono::minutes(55));
  EXPECT_LE(*delay, std::chrono::minutes(60));
}

TEST(RequestedDelay, a_date_that_has_passed_means_now) {
  EXPECT_EQ(requested_delay(response(503, {{"retry-after", "Sun, 06 Nov 1994 08:49:37 GMT"}})),
            milliseconds{0});
}

TEST(RequestedDelay, the_body_of_a_throttled_answer_says_it_too) {
  EXPECT_EQ(requested_delay(response(429, {}, R"({"detail":"no","retry_after":5})")),
            milliseconds{5'000});
}

TEST(RequestedDelay, the_reset_of_the_limit_counts_for_a_throttled_answer_only) {
  EXPECT_EQ(requested_delay(response(429, {{"ratelimit-reset", "3"}})), milliseconds{3'000});
  EXPECT_EQ(requested_delay(response(503, {{"ratelimit-reset", "3"}})), std::nullopt);
}

TEST(RequestedDelay, the_header_counts_for_more_than_the_body_and_that_for_more_than_the_reset) {
  const std::string body = R"({"retry_after":5})";
  EXPECT_EQ(requested_delay(response(429, {{"ratelimit-reset", "3"}, {"retry-after", "7"}}, body)),
            milliseconds{7'000});
  EXPECT_EQ(requested_delay(response(429, {{"ratelimit-reset", "3"}}, body)), milliseconds{5'000});
}

TEST(RequestedDelay, an_absurd_value_is_bounded_and_nonsense_is_no_request) {
  for (const std::string huge : {"99999999", "1e300", "9223372036854775807"}) {
    EXPECT_EQ(requested_delay(response(429, {{"retry-after", huge}})), std::chrono::hours(24))
        << huge;
  }
  for (const std::string nonsense : {"-5", "nan", "inf", "-inf", "soon", "", "1e999", "{}"}) {
    EXPECT_EQ(requested_delay(response(429, {{"retry-after", nonsense}})), std::nullopt)
        << nonsense;
  }
  EXPECT_EQ(requested_delay(response(429, {}, R"({"retry_after":-1})")), std::nullopt);
  EXPECT_EQ(requested_delay(response(429, {}, R"({"retry_after":1e300})")), std::chrono::hours(24));
}

}  // namespace
}  // namespace rellama::replicate

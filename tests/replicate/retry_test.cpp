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

TEST(MayRepeat, a_throttled_request_was_not_accepted_so_even_a_create_may_be_repeated) {
  EXPECT_TRUE(may_repeat(Repeat::freely, response(429)));
  EXPECT_TRUE(may_repeat(Repeat::only_if_not_accepted, response(429)));
}

TEST(MayRepeat, no_create_is_repeated_after_any_other_response) {
  for (int status = 100; status < 600; ++status) {
    if (status == 429) continue;
    EXPECT_FALSE(may_repeat(Repeat::only_if_not_accepted, response(status))) << status;
  }
}

TEST(MayRepeat, a_read_is_repeated_only_after_server_errors) {
  for (const int status : {408, 500, 502, 503, 504, 520, 529}) {
    EXPECT_TRUE(may_repeat(Repeat::freely, response(status))) << status;
  }
  for (const int status : {200, 201, 202, 204, 301, 307, 400, 401, 402, 403, 404, 409, 422}) {
    EXPECT_FALSE(may_repeat(Repeat::freely, response(status))) << status;
  }
}

TEST(MayRepeat, a_create_is_repeated_only_if_none_of_it_was_sent) {
  for (const Cause cause : {Cause::connection, Cause::timed_out}) {
    EXPECT_TRUE(may_repeat(Repeat::only_if_not_accepted, http::Failure{cause, false, ""}));
    EXPECT_FALSE(may_repeat(Repeat::only_if_not_accepted, http::Failure{cause, true, ""}));
    EXPECT_TRUE(may_repeat(Repeat::freely, http::Failure{cause, true, ""}));
    EXPECT_TRUE(may_repeat(Repeat::freely, http::Failure{cause, false, ""}));
  }
}

TEST(MayRepeat, permanent_failures_are_not_repeated) {
  for (const Cause cause :
       {Cause::unknown_authority, Cause::certificate_expired, Cause::certificate_host,
        Cause::authorities, Cause::no_tls, Cause::tls, Cause::proxy_credentials, Cause::proxy,
        Cause::too_large, Cause::stopped}) {
    for (const bool sent : {false, true}) {
      EXPECT_FALSE(may_repeat(Repeat::freely, http::Failure{cause, sent, ""}));
      EXPECT_FALSE(may_repeat(Repeat::only_if_not_accepted, http::Failure{cause, sent, ""}));
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

TEST(Backoff, does_not_overflow_after_many_retries) {
  EXPECT_LE(backoff(10'000, milliseconds{500}), milliseconds{30'000});
  EXPECT_GE(backoff(10'000, milliseconds{500}), milliseconds{22'000});
}

TEST(RequestedDelay, is_empty_if_the_server_does_not_ask_for_one) {
  EXPECT_EQ(requested_delay(response(503)), std::nullopt);
  EXPECT_EQ(requested_delay(response(429, {}, R"({"detail":"Your rate limit resets soon."})")),
            std::nullopt);
}

TEST(RequestedDelay, is_also_read_from_the_words_of_a_throttled_response) {
  const std::string body = R"({"detail":"Request was throttled. Your rate limit resets in ~30s."})";
  EXPECT_EQ(requested_delay(response(429, {}, body)), std::chrono::seconds(30));
  EXPECT_EQ(requested_delay(response(503, {}, body)), std::nullopt);
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
  EXPECT_LE(*delay, std::chrono::minutes(60) + std::chrono::seconds(1));
}

TEST(RequestedDelay, a_date_is_waited_for_to_the_end_of_its_second) {
  const auto delay =
      requested_delay(response(429, {{"retry-after", http_date(std::chrono::seconds(100))}}));
  ASSERT_TRUE(delay);
  EXPECT_GE(*delay, std::chrono::seconds(100));
}

TEST(RequestedDelay, a_date_that_has_passed_means_now) {
  EXPECT_EQ(requested_delay(response(503, {{"retry-after", "Sun, 06 Nov 1994 08:49:37 GMT"}})),
            milliseconds{0});
}

TEST(RequestedDelay, is_also_read_from_the_body_of_a_throttled_response) {
  EXPECT_EQ(requested_delay(response(429, {}, R"({"detail":"no","retry_after":5})")),
            milliseconds{5'000});
  for (const char* wait : {"\"5\"", "\"5s\"", "\"5.0\""}) {
    const std::string body = R"({"retry_after":)" + std::string(wait) + "}";
    EXPECT_EQ(requested_delay(response(429, {}, body)), milliseconds{5'000}) << body;
  }
  for (const char* nonsense : {"\"\"", "\"soon\"", "\"5m\"", "null", "[5]"}) {
    const std::string body = R"({"retry_after":)" + std::string(nonsense) + "}";
    EXPECT_EQ(requested_delay(response(429, {}, body)), std::nullopt) << body;
  }
}

TEST(RequestedDelay, the_rate_limit_reset_is_used_only_for_a_throttled_response) {
  EXPECT_EQ(requested_delay(response(429, {{"ratelimit-reset", "3"}})), milliseconds{3'000});
  EXPECT_EQ(requested_delay(response(503, {{"ratelimit-reset", "3"}})), std::nullopt);
}

TEST(RequestedDelay, the_header_overrides_the_body_which_overrides_the_reset) {
  const std::string body = R"({"retry_after":5})";
  EXPECT_EQ(requested_delay(response(429, {{"ratelimit-reset", "3"}, {"retry-after", "7"}}, body)),
            milliseconds{7'000});
  EXPECT_EQ(requested_delay(response(429, {{"ratelimit-reset", "3"}}, body)), milliseconds{5'000});
}

TEST(RequestedDelay, a_huge_value_is_limited_and_an_invalid_one_is_ignored) {
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

#include "rellama/stop.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <optional>
#include <stop_token>
#include <thread>

#include "support/expect_error.hpp"

namespace rellama {
namespace {

using Clock = std::chrono::steady_clock;

TEST(StopToken, a_token_without_a_source_never_stops_anything) {
  const StopToken token;
  EXPECT_EQ(token.reason(), std::nullopt);
  EXPECT_EQ(token.deadline(), std::nullopt);
  EXPECT_FALSE(token.std_token().stop_possible());
  EXPECT_NO_THROW(token.throw_if_stopped());
}

TEST(StopToken, has_a_reason_only_after_a_stop_is_requested) {
  StopSource source;
  const StopToken token = source.token();
  EXPECT_EQ(token.reason(), std::nullopt);
  source.request(ErrorKind::output_closed);
  EXPECT_EQ(token.reason(), ErrorKind::output_closed);
  EXPECT_TRUE(token.std_token().stop_requested());
}

TEST(StopToken, the_first_reason_wins) {
  StopSource source;
  source.request(ErrorKind::interrupted);
  source.request(ErrorKind::terminated);
  EXPECT_EQ(source.token().reason(), ErrorKind::interrupted);
}

TEST(StopToken, outlives_its_source) {
  StopToken token;
  {
    StopSource source;
    token = source.token();
    source.request(ErrorKind::hung_up);
  }
  EXPECT_EQ(token.reason(), ErrorKind::hung_up);
}

TEST(StopToken, a_deadline_is_a_reason_once_it_has_passed) {
  const auto past = Clock::now() - std::chrono::seconds(1);
  EXPECT_EQ(StopSource(past).token().reason(), ErrorKind::deadline);
  EXPECT_EQ(StopSource(past).token().deadline(), past);
  const auto far = Clock::now() + std::chrono::hours(1);
  EXPECT_EQ(StopSource(far).token().reason(), std::nullopt);
}

TEST(StopToken, a_requested_reason_overrides_a_passed_deadline) {
  StopSource source(Clock::now() - std::chrono::seconds(1));
  source.request(ErrorKind::interrupted);
  EXPECT_EQ(source.token().reason(), ErrorKind::interrupted);
}

TEST(StopToken, throws_a_readable_error_with_the_prediction_id) {
  StopSource source;
  source.request(ErrorKind::interrupted);
  const Error error = test::error_of([&] { source.token().throw_if_stopped("abc123"); });
  EXPECT_EQ(error.kind(), ErrorKind::interrupted);
  EXPECT_STREQ(error.what(), "interrupted (prediction abc123)");
}

TEST(StopToken, a_passed_deadline_names_the_timeout_option) {
  const StopSource source(Clock::now() - std::chrono::seconds(1));
  const Error error = test::error_of([&] { source.token().throw_if_stopped(); });
  EXPECT_EQ(error.kind(), ErrorKind::deadline);
  EXPECT_TRUE(test::holds(error.what(), "--timeout"));
}

TEST(StopToken, every_reason_has_its_own_message) {
  for (const ErrorKind kind :
       {ErrorKind::output_closed, ErrorKind::hung_up, ErrorKind::terminated}) {
    StopSource source;
    source.request(kind);
    const Error error = test::error_of([&] { source.token().throw_if_stopped(); });
    EXPECT_EQ(error.kind(), kind);
    EXPECT_STRNE(error.what(), "interrupted");
  }
}

TEST(StopToken, a_request_from_another_thread_triggers_a_callback_that_sees_the_reason) {
  StopSource source;
  const StopToken token = source.token();
  std::promise<std::optional<ErrorKind>> seen;
  const std::stop_callback wake(token.std_token(), [&] { seen.set_value(token.reason()); });
  std::jthread other([&source] { source.request(ErrorKind::terminated); });
  EXPECT_EQ(seen.get_future().get(), ErrorKind::terminated);
}

}  // namespace
}  // namespace rellama

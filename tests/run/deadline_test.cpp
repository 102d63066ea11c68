#include "run/deadline.hpp"

#include <gtest/gtest.h>

#include <chrono>

#include "support/expect_error.hpp"

namespace rellama::program {
namespace {

using Clock = std::chrono::steady_clock;

TEST(Deadline, without_a_timeout_there_is_none) {
  const StopSource stop = stop_after("");
  EXPECT_FALSE(stop.token().deadline());
  EXPECT_FALSE(stop.token().reason());
}

TEST(Deadline, a_timeout_counts_from_now) {
  const auto before = Clock::now();
  const StopSource stop = stop_after("1m30s");
  const auto after = Clock::now();
  ASSERT_TRUE(stop.token().deadline());
  EXPECT_GE(*stop.token().deadline(), before + std::chrono::seconds(90));
  EXPECT_LE(*stop.token().deadline(), after + std::chrono::seconds(90));
  EXPECT_FALSE(stop.token().reason());
}

TEST(Deadline, a_timeout_that_is_not_a_duration_is_invalid_input) {
  for (const char* timeout : {"soon", "-1", "0", "5 minutes"}) {
    EXPECT_EQ(test::error_of([timeout] { (void)stop_after(timeout); }).kind(),
              ErrorKind::invalid_input)
        << timeout;
  }
}

}  // namespace
}  // namespace rellama::program

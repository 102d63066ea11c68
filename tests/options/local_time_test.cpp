#include "options/local_time.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>

#include "support/expect_error.hpp"

namespace rellama::program {
namespace {

constexpr history::Time kNow = 1'795'000'000'000;

class Since : public testing::Test {
 protected:
  Since() {
    ::setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
    ::tzset();
  }
  ~Since() override {
    ::unsetenv("TZ");
    ::tzset();
  }
};

TEST_F(Since, days_and_times_are_of_this_zone) {
  EXPECT_EQ(parse_time_filter("2026-01-01", kNow), 1'767'222'000'000);
  EXPECT_EQ(parse_time_filter("2026-07-01T18:30", kNow), 1'782'923'400'000);
  EXPECT_EQ(render_local_time(1'767'222'000'000), "2026-01-01 00:00");
}

TEST_F(Since, a_time_can_be_typed_as_it_is_shown) {
  EXPECT_EQ(parse_time_filter(render_local_time(1'782'923'400'000), kNow), 1'782'923'400'000);
}

TEST_F(Since, yesterday_begins_at_midnight_here) {
  const history::Time today = parse_time_filter("today", kNow);
  EXPECT_EQ(render_local_time(kNow), "2026-11-18 12:06");
  EXPECT_EQ(render_local_time(today), "2026-11-18 00:00");
  EXPECT_EQ(render_local_time(parse_time_filter("yesterday", kNow)), "2026-11-17 00:00");
}

TEST_F(Since, a_time_from_json_is_shown_as_it_is_here) {
  EXPECT_EQ(render_local_time(std::string("2026-07-01T22:30:00.123Z")), "2026-07-02 00:30");
  EXPECT_EQ(render_local_day("2026-07-01T22:30:00.123Z"), "2026-07-02");
  EXPECT_EQ(render_local_time(std::string("soon")), "soon");
}

TEST_F(Since, ages_are_seen_from_now) {
  EXPECT_EQ(parse_time_filter("7d", kNow), kNow - 7LL * 24 * 60 * 60 * 1000);
  EXPECT_EQ(parse_time_filter("12h", kNow), kNow - 12LL * 60 * 60 * 1000);
  EXPECT_EQ(parse_time_filter("90m", kNow), kNow - 90LL * 60 * 1000);
}

TEST_F(Since, what_is_neither_is_refused) {
  for (const char* text :
       {"", "tomorrow", "2026", "2026-1-1", "2026-02-30", "2026-13-01", "2026-01-01T25:00",
        "2026-01-01T10:61", "2026-01-01_10:00", "-7d", "d", "7.5d", "99999999d", "2026-01-01x"}) {
    EXPECT_EQ(test::error_of([text] { (void)parse_time_filter(text, kNow); }).kind(),
              ErrorKind::invalid_input)
        << text;
  }
}

}  // namespace
}  // namespace rellama::program

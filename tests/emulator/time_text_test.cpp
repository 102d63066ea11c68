#include "emulator/time_text.hpp"

#include <gtest/gtest.h>

namespace rellama::emulator {
namespace {

using namespace std::chrono_literals;

TEST(EmulatorTimeText, a_time_is_written_as_replicate_writes_it_and_can_be_parsed) {
  const WallTime time = WallTime(1'728'065'260'328'007us);
  EXPECT_EQ(time_text(time), "2024-10-04T18:07:40.328007Z");
  EXPECT_EQ(parse_time("2024-10-04T18:07:40.328007Z"), time);
  EXPECT_EQ(parse_time("2024-10-04T20:07:40.328007+02:00"), time);
  EXPECT_EQ(parse_time("2024-10-04T20:07:40.328007 02:00"), time) << "a + that was not escaped";
  EXPECT_EQ(parse_time("2024-10-04T18:07:40.328007123Z"), time);
  EXPECT_EQ(parse_time("2024-10-04"), WallTime(1'728'000'000s));
}

TEST(EmulatorTimeText, invalid_times_are_refused) {
  for (const char* text : {"", "yesterday", "2024-13-01", "2024-02-30", "2024-10-04T",
                           "2024-10-04Tx", "2024-10-04T18:07:40Zx"}) {
    EXPECT_EQ(parse_time(text), std::nullopt) << text;
  }
}

TEST(EmulatorTimeText, a_duration_is_in_seconds_or_has_units) {
  EXPECT_EQ(parse_duration("30"), 30s);
  EXPECT_EQ(parse_duration("30s"), 30s);
  EXPECT_EQ(parse_duration("5m"), 5min);
  EXPECT_EQ(parse_duration("1h"), 1h);
  EXPECT_EQ(parse_duration("1m30s"), 90s);
  for (const char* text : {"", "s", "-5", "5d", "1.5m", "99999999999"}) {
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace rellama::emulator

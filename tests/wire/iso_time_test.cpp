#include "wire/iso_time.hpp"

#include <gtest/gtest.h>

#include <string>

namespace rellama::wire {
namespace {

using std::chrono::microseconds;
using std::chrono::seconds;
using std::chrono::system_clock;

const system_clock::time_point kTime{seconds{1'728'065'260}};  // 2024-10-04 18:07:40 UTC

TEST(IsoTime, is_parsed_with_any_number_of_fractional_digits) {
  EXPECT_EQ(parse_iso_time("2024-10-04T18:07:40Z"), kTime);
  EXPECT_EQ(parse_iso_time("2024-10-04T18:07:40.5Z"), kTime + microseconds{500'000});
  EXPECT_EQ(parse_iso_time("2024-10-04T18:07:40.328Z"), kTime + microseconds{328'000});
  EXPECT_EQ(parse_iso_time("2024-10-04T18:07:40.328009Z"), kTime + microseconds{328'009});
  EXPECT_EQ(parse_iso_time("2024-10-04T18:07:40.328009123Z"),
            kTime + std::chrono::nanoseconds{328'009'123});
  EXPECT_EQ(parse_iso_time("2024-10-04T18:07:40.328009123999Z"),
            kTime + std::chrono::nanoseconds{328'009'123});
}

TEST(IsoTime, an_invalid_time_is_rejected) {
  for (const char* text :
       {"", "2024-10-04", "2024-10-04T18:07:40", "2024-10-04 18:07:40Z", "2024-13-04T18:07:40Z",
        "2024-02-30T18:07:40Z", "2024-10-04T24:07:40Z", "2024-10-04T18:60:40Z",
        "2024-10-04T18:07:61Z", "-024-10-04T18:07:40Z", "2024-10-04T18:07:40+01:00", "soon"}) {
    EXPECT_FALSE(parse_iso_time(text)) << text;
  }
}

TEST(IsoTime, is_rendered_with_milliseconds_and_parsed_again) {
  const auto time = kTime + std::chrono::milliseconds{7};
  EXPECT_EQ(render_iso_time(time), "2024-10-04T18:07:40.007Z");
  EXPECT_EQ(parse_iso_time(render_iso_time(time)), time);
}

}  // namespace
}  // namespace rellama::wire

#include "settings/duration.hpp"

#include <gtest/gtest.h>

#include <string>

#include "rellama/error.hpp"

namespace rellama::settings {
namespace {

using std::chrono::milliseconds;

TEST(Duration, a_plain_number_is_seconds) {
  EXPECT_EQ(parse_duration("30"), milliseconds(30'000));
  EXPECT_EQ(parse_duration("1.5"), milliseconds(1'500));
}

TEST(Duration, every_unit_is_accepted) {
  EXPECT_EQ(parse_duration("500ms"), milliseconds(500));
  EXPECT_EQ(parse_duration("30s"), milliseconds(30'000));
  EXPECT_EQ(parse_duration("5m"), milliseconds(300'000));
  EXPECT_EQ(parse_duration("2h"), milliseconds(7'200'000));
}

TEST(Duration, units_can_be_combined_from_large_to_small) {
  EXPECT_EQ(parse_duration("1m30s"), milliseconds(90'000));
  EXPECT_EQ(parse_duration("1h2m3s4ms"), milliseconds(3'723'004));
  EXPECT_EQ(parse_duration("2h5ms"), milliseconds(7'200'005));
}

TEST(Duration, a_fraction_counts_in_its_own_unit) {
  EXPECT_EQ(parse_duration("1.5s"), milliseconds(1'500));
  EXPECT_EQ(parse_duration("0.25m"), milliseconds(15'000));
  EXPECT_EQ(parse_duration("0.001s"), milliseconds(1));
}

TEST(Duration, a_year_is_accepted_and_a_millisecond_more_is_not) {
  EXPECT_EQ(parse_duration("8760h"), milliseconds(31'536'000'000));
  EXPECT_THROW((void)parse_duration("8760h1ms"), Error);
}

class RefusedDuration : public testing::TestWithParam<const char*> {};

TEST_P(RefusedDuration, names_the_accepted_forms) {
  try {
    const auto duration = parse_duration(GetParam());
    FAIL() << "taken as " << duration.count() << " ms";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::invalid_input);
    EXPECT_NE(std::string(error.what()).find("1m30s"), std::string::npos) << error.what();
    EXPECT_NE(std::string(error.what()).find(GetParam()), std::string::npos) << error.what();
  }
}

INSTANTIATE_TEST_SUITE_P(Duration, RefusedDuration,
                         testing::Values("", " ", "0", "0s", "0m0s", "-1", "-5s", "+5", " 5", "5 ",
                                         "5 s", "s", ".5s", "5.", "5.s", "1.2.3", "5x", "5sec",
                                         "1s30m", "1m1m", "1m30", "5S", "1e3", "0x10", "inf", "nan",
                                         "0.0001ms", "99999999999999999999", "9223372036854775807h",
                                         "18446744073709551617s", "1,5s"));

}  // namespace
}  // namespace rellama::settings

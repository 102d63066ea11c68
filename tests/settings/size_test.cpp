#include "settings/size.hpp"

#include <gtest/gtest.h>

#include <string>

#include "support/expect_error.hpp"

namespace rellama::settings {
namespace {

TEST(Size, can_have_a_unit) {
  EXPECT_EQ(parse_size("1"), 1U);
  EXPECT_EQ(parse_size("1000"), 1000U);
  EXPECT_EQ(parse_size("12B"), 12U);
  EXPECT_EQ(parse_size("2k"), 2048U);
  EXPECT_EQ(parse_size("1.5M"), 1'572'864U);
  EXPECT_EQ(parse_size("1GiB"), 1'073'741'824U);
  EXPECT_EQ(parse_size("1gb"), 1'073'741'824U);
  EXPECT_EQ(parse_size("2T"), 2'199'023'255'552U);
}

TEST(Size, an_invalid_one_is_refused_with_the_accepted_forms) {
  for (const std::string bad : {"", "0", "-1", "+1", "1e9", "k", "1 k", "1x", "1.", ".5", "1.2.3",
                                "1kk", "0.5", "99999999999T", "lots", "0x10"}) {
    const Error error = test::error_of([&] { (void)parse_size(bad); });
    EXPECT_EQ(error.kind(), ErrorKind::invalid_input) << bad;
    EXPECT_TRUE(test::holds(error.what(), "1GiB"));
  }
}

}  // namespace
}  // namespace rellama::settings

// The width of text on a terminal, whatever the locale.

#include "terminal/display_width.hpp"

#include <gtest/gtest.h>

namespace rellama::terminal {
namespace {

TEST(DisplayWidth, letters_take_one_column_wide_ones_two_and_accents_none) {
  EXPECT_EQ(display_width(""), 0U);
  EXPECT_EQ(display_width("llama"), 5U);
  EXPECT_EQ(display_width("größe"), 5U);
  EXPECT_EQ(display_width("e\u0301"), 1U);
  EXPECT_EQ(display_width("日本語"), 6U);
  EXPECT_EQ(display_width("😊"), 2U);
}

TEST(DisplayWidth, bytes_that_are_not_utf8_take_one_each) {
  EXPECT_EQ(display_width("\xFF\xFE"), 2U);
  EXPECT_EQ(display_width("\xE6\x97"), 2U) << "a character that is cut off";
}

TEST(FirstCluster, accents_and_joined_emoji_stay_together) {
  EXPECT_EQ(first_cluster("e\u0301a").bytes, "e\u0301");
  EXPECT_EQ(first_cluster("👩\u200D🚀!").bytes, "👩\u200D🚀");
  EXPECT_EQ(first_cluster("ab").bytes, "a");
  EXPECT_EQ(first_cluster("日本").bytes, "日");
}

TEST(FitWidth, what_is_too_long_is_cut_between_characters_with_an_ellipsis) {
  EXPECT_EQ(fit_width("llama", 5), "llama");
  EXPECT_EQ(fit_width("llama", 4), "lla…");
  EXPECT_EQ(fit_width("日本語", 4), "日…");
  EXPECT_EQ(fit_width("日本語", 5), "日本…");
  EXPECT_EQ(fit_width("日", 1), "…");
  EXPECT_EQ(fit_width("llama", 0), "");
}

}  // namespace
}  // namespace rellama::terminal

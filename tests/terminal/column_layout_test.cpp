// The layout of answers side by side.

#include "terminal/column_layout.hpp"

#include <gtest/gtest.h>

namespace rellama::terminal {
namespace {

using Lines = std::vector<std::string>;

constexpr ColumnStyle kAsciiColumns{.glyphs = Glyphs::ascii, .bold = false};

TEST(ColumnWidth, columns_share_the_screen_with_lines_between_them_and_one_column_free) {
  EXPECT_EQ(find_column_width(3, 80), 24U);  // 3 * 24 + 2 * 3 + 1 = 79
  EXPECT_EQ(find_column_width(3, 78), std::nullopt);
  EXPECT_EQ(find_column_width(2, 80), 38U);
  EXPECT_EQ(find_column_width(1, 80), 79U);
  EXPECT_EQ(find_column_width(2, 30, 10), 13U);
  EXPECT_EQ(find_column_width(10, 1), std::nullopt);
}

TEST(ColumnLayout, texts_are_side_by_side_under_their_headings) {
  const std::vector<ColumnText> columns{{"7b", "one two three", ""}, {"13b", "four", ""}};
  EXPECT_EQ(lay_out(columns, 8, kAsciiColumns),
            (Lines{"7b       | 13b", "---------+---------", "one two  | four", "three    | "}));
}

TEST(ColumnLayout, the_rule_and_the_lines_meet) {
  const auto rows = lay_out({{"a", "x", ""}, {"b", "y", ""}, {"c", "z", ""}}, 4, kAsciiColumns);
  for (const std::size_t at : {5U, 12U}) {
    EXPECT_EQ(rows[0][at], '|');
    EXPECT_EQ(rows[1][at], '+');
    EXPECT_EQ(rows[2][at], '|');
  }
}

TEST(ColumnLayout, a_heading_that_is_too_long_takes_more_lines) {
  const auto rows = lay_out({{"7b temperature=0.1", "x", ""}, {"70b", "y", ""}}, 16, kAsciiColumns);
  EXPECT_EQ(rows[0], "7b               | 70b");
  EXPECT_EQ(rows[1], "temperature=0.1  | ");
}

TEST(ColumnLayout, after_characters_of_doubtful_width_the_cursor_moves_to_the_column) {
  const auto rows = lay_out({{"a", "日", ""}, {"b", "y", ""}}, 4, kAsciiColumns);
  EXPECT_EQ(rows[2], "日  \x1b[5G | y");
}

TEST(ColumnLayout, headings_can_be_bold) {
  const auto rows = lay_out({{"a", "x", ""}, {"b", "y", ""}}, 4, {Glyphs::ascii, true});
  EXPECT_EQ(rows[0], "\x1b[1ma\x1b[0m    | \x1b[1mb\x1b[0m");
  EXPECT_EQ(rows[2], "x    | y");
}

TEST(ColumnLayout, a_small_screen_shows_the_end_of_each_text) {
  const std::vector<ColumnText> columns{{"a", "1\n2\n3\n4", "running"}, {"b", "5", "done"}};
  EXPECT_EQ(
      lay_out_ends(columns, 7, 5, kAsciiColumns),
      (Lines{"a       | b", "--------+--------", "3       | 5", "4       | ", "running | done"}));
}

TEST(ColumnLayout, a_screen_with_no_line_for_text_shows_nothing) {
  EXPECT_EQ(lay_out_ends({{"a", "x", "running"}}, 8, 3, kAsciiColumns), Lines{});
  EXPECT_EQ(lay_out_ends({{"a", "x", "running"}}, 8, 4, kAsciiColumns).size(), 4U);
}

}  // namespace
}  // namespace rellama::terminal

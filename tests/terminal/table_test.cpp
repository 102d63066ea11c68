#include "terminal/table.hpp"

#include <gtest/gtest.h>

namespace rellama::terminal {
namespace {

TEST(Table, columns_are_as_wide_as_their_widest_cell) {
  EXPECT_EQ(render_table({{"NAME", "SIZE"}, {"a longer name", "7"}, {"b", "13000"}}),
            "NAME           SIZE\n"
            "a longer name  7\n"
            "b              13000\n");
}

TEST(Table, a_line_does_not_end_in_blanks) {
  EXPECT_EQ(render_table({{"A", "LONG HEADER"}, {"b", "c"}}), "A  LONG HEADER\nb  c\n");
  EXPECT_EQ(render_table({{"ONLY"}, {"x"}}), "ONLY\nx\n");
}

TEST(Table, without_rows_it_is_empty) {
  EXPECT_EQ(render_table({}), "");
}

TEST(Table, wide_characters_take_two_columns) {
  EXPECT_EQ(render_table({{"ab", "x"}, {"你好", "y"}}), "ab    x\n你好  y\n");
}

TEST(Table, a_cell_stays_on_one_line_without_control_characters) {
  EXPECT_EQ(render_table({{"A", "B"}, {"x\ny\x1b[2J", "z"}}), "A        B\nx y␛[2J  z\n");
}

TEST(Table, in_a_narrow_window_everything_is_cut_but_what_the_rows_are_called_by) {
  const std::vector<std::vector<std::string>> rows{
      {"ID", "MODEL", "PROMPT"}, {"x651skn2ry5vwzp62xmgk1zw8z", "meta/llama-2-70b-chat", "Say hi"}};
  EXPECT_EQ(render_table(rows, 44),
            "ID                          MODEL     PROMPT\n"
            "x651skn2ry5vwzp62xmgk1zw8z  meta/ll…  Say hi\n");
  EXPECT_EQ(render_table(rows, 40),
            "ID                          MODEL\n"
            "x651skn2ry5vwzp62xmgk1zw8z  meta/llama-…\n")
      << "without the column that has no room";
  EXPECT_EQ(render_table(rows, 5), "ID\nx651skn2ry5vwzp62xmgk1zw8z\n");
}

TEST(Table, text_that_fits_is_not_truncated) {
  EXPECT_EQ(truncate("abc", 3), "abc");
  EXPECT_EQ(truncate("", 0), "");
}

TEST(Table, truncated_text_ends_in_an_ellipsis_and_no_character_is_cut) {
  EXPECT_EQ(truncate("abcd", 3), "abc…");
  EXPECT_EQ(truncate("aé!", 2), "a…");
  EXPECT_EQ(truncate("👍👍", 7), "👍…");
}

}  // namespace
}  // namespace rellama::terminal

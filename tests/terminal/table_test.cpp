#include "terminal/table.hpp"

#include <gtest/gtest.h>

namespace rellama::terminal {
namespace {

TEST(Table, columns_are_as_wide_as_their_widest_cell) {
  EXPECT_EQ(render_table({{"NAME"}, {"SIZE"}}, {{"a longer name", "7"}, {"b", "13000"}}),
            "NAME           SIZE\n"
            "a longer name  7\n"
            "b              13000\n");
}

TEST(Table, a_line_does_not_end_in_blanks) {
  EXPECT_EQ(render_table({{"A"}, {"LONG HEADER"}}, {{"b", "c"}, {"d", ""}}),
            "A  LONG HEADER\nb  c\nd\n");
  EXPECT_EQ(render_table({{"ONLY"}}, {{"x"}}), "ONLY\nx\n");
}

TEST(Table, without_rows_there_are_only_the_titles) {
  EXPECT_EQ(render_table({{"A"}, {"B"}}, {}), "A  B\n");
}

TEST(Table, wide_characters_take_two_columns) {
  EXPECT_EQ(render_table({{"ab"}, {"x"}}, {{"你好", "y"}}), "ab    x\n你好  y\n");
}

TEST(Table, a_cell_stays_on_one_line_without_control_characters) {
  EXPECT_EQ(render_table({{"A"}, {"B"}}, {{"x\ny\x1b[2J", "z"}}), "A        B\nx y␛[2J  z\n");
}

class NarrowTable : public testing::Test {
 protected:
  static std::string table_in(std::size_t width) {
    return render_table({{.title = "ID"},
                         {.title = "WHEN", .rank = 1},
                         {.title = "MODEL", .narrowest = 21, .rank = 2},
                         {.title = "PROMPT", .narrowest = 6}},
                        {{"17", "2026-11-29 18:30", "meta/llama-2-70b-chat:02e509c7", "Say hi"}},
                        width);
  }
};

TEST_F(NarrowTable, text_is_cut_before_anything_is_left_out) {
  EXPECT_EQ(table_in(55),
            "ID  WHEN              MODEL                      PROMPT\n"
            "17  2026-11-29 18:30  meta/llama-2-70b-chat:02…  Say hi\n");
}

TEST_F(NarrowTable, a_column_whose_cells_would_mean_nothing_is_left_out) {
  EXPECT_EQ(table_in(40), "ID  WHEN              PROMPT\n17  2026-11-29 18:30  Say hi\n");
  EXPECT_EQ(table_in(27), "ID  PROMPT\n17  Say hi\n");
}

TEST_F(NarrowTable, what_the_rows_are_called_by_stays_whole) {
  EXPECT_EQ(table_in(5), "ID\n17\n");
  EXPECT_EQ(table_in(1), "ID\n17\n");
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

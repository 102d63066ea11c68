// Lists of names with what they mean.

#include "terminal/entry.hpp"

#include <gtest/gtest.h>

namespace rellama::terminal {
namespace {

TEST(Entry, a_text_is_beside_its_name_and_wraps_there) {
  EXPECT_EQ(render_entry("  /set", "show the settings, or set inputs", 10, 32),
            "  /set    show the settings, or\n"
            "          set inputs\n");
  EXPECT_EQ(render_entry("  /set", "", 10, 24), "  /set\n");
}

TEST(Entry, a_name_that_reaches_the_texts_has_its_own_below) {
  EXPECT_EQ(render_entry("  /sessions NAME", "continue one", 10, 30),
            "  /sessions NAME\n"
            "          continue one\n");
}

TEST(Entry, a_name_wider_than_the_window_wraps_between_words) {
  EXPECT_EQ(render_entry("  -n, --max-new-tokens, --max-tokens N", "the limit", 6, 30),
            "  -n, --max-new-tokens,\n"
            "    --max-tokens N\n"
            "      the limit\n");
}

TEST(Entry, an_id_is_never_broken) {
  const std::string id(30, 'a');
  EXPECT_EQ(render_entry("version", id, 14, 40), "version\n          " + id + "\n");
  EXPECT_EQ(render_entry("version", id, 14, 20), "version\n" + id + "\n")
      << "the window breaks it, and it can be copied";
}

TEST(Entry, a_long_part_of_a_name_begins_where_it_fits) {
  EXPECT_EQ(render_entry("  export NAME=value-that-is-long", "", 0, 24),
            "  export\n NAME=value-that-is-long\n");
}

TEST(Entry, outside_a_window_it_is_one_line) {
  const std::string text(300, 'a');
  EXPECT_EQ(render_entry("name", text + " b", 8, 0), "name    " + text + " b\n");
  EXPECT_EQ(render_entry("a longer name", "text", 8, 0), "a longer name  text\n");
}

TEST(Entry, in_a_narrow_window_texts_are_below_the_names) {
  EXPECT_EQ(entry_column(28, 0), 28U);
  EXPECT_EQ(entry_column(28, 80), 28U);
  EXPECT_EQ(entry_column(28, 40), 6U);
}

TEST(FactList, facts_are_aligned_safe_and_left_out_if_they_are_empty) {
  FactList facts(8, 0);
  facts.add("model", "a\nb\x1b[2J");
  facts.add("license", "");
  facts.add_lines("log", "first\nsecond");
  EXPECT_EQ(facts.text(), "model   a b␛[2J\nlog     first\n        second\n");
}

}  // namespace
}  // namespace rellama::terminal

// Text in lines of a given width.

#include "terminal/word_wrap.hpp"

#include <gtest/gtest.h>

#include "terminal/display_width.hpp"

namespace rellama::terminal {
namespace {

using Lines = std::vector<std::string>;

TEST(WordWrap, lines_break_at_spaces_which_are_dropped) {
  EXPECT_EQ(wrap_words("the quick brown fox", 10), (Lines{"the quick", "brown fox"}));
  EXPECT_EQ(wrap_words("the   quick", 5), (Lines{"the", "quick"}));
  EXPECT_EQ(wrap_words("exactly ten", 11), (Lines{"exactly ten"}));
}

TEST(WordWrap, line_ends_and_blank_lines_stay) {
  EXPECT_EQ(wrap_words("a\n\nb", 10), (Lines{"a", "", "b"}));
  EXPECT_EQ(wrap_words("a\n", 10), (Lines{"a"}));
  EXPECT_EQ(wrap_words("", 10), Lines{});
  EXPECT_EQ(wrap_words("\n", 10), Lines{""});
}

TEST(WordWrap, indents_stay_and_a_tab_is_four_spaces) {
  EXPECT_EQ(wrap_words("  if x:\n\treturn", 20), (Lines{"  if x:", "    return"}));
}

TEST(WordWrap, an_indent_shrinks_to_make_room_for_its_word) {
  EXPECT_EQ(wrap_words("        word", 6), (Lines{"  word"}));
  EXPECT_EQ(wrap_words("        longword", 6), (Lines{"longwo", "rd"}));
}

TEST(WordWrap, a_long_word_that_is_kept_has_a_line_for_itself) {
  EXPECT_EQ(wrap_words("see https://a.example/b now", 8, LongWords::kept),
            (Lines{"see", "https://a.example/b", "now"}));
  EXPECT_EQ(render_wrapped("see https://a.example/b", 8), "see\nhttps://a.example/b\n");
  EXPECT_EQ(render_wrapped("see https://a.example/b", 0), "see https://a.example/b\n");
}

TEST(WordWrap, a_word_longer_than_a_line_is_cut) {
  EXPECT_EQ(wrap_words("abcdefghij", 4), (Lines{"abcd", "efgh", "ij"}));
  EXPECT_EQ(wrap_words("ab abcdefgh", 4), (Lines{"ab", "abcd", "efgh"}));
}

TEST(WordWrap, wide_characters_break_anywhere_and_count_two) {
  EXPECT_EQ(wrap_words("日本語日本語", 5), (Lines{"日本", "語日", "本語"}));
  EXPECT_EQ(wrap_words("ok 😊 ok", 5), (Lines{"ok 😊", "ok"}));
}

TEST(WordWrap, accents_have_no_width_and_are_not_cut_off) {
  EXPECT_EQ(wrap_words("e\u0301e\u0301e\u0301e\u0301", 2),
            (Lines{"e\u0301e\u0301", "e\u0301e\u0301"}));
}

TEST(WordWrap, a_column_narrower_than_a_character_still_ends) {
  EXPECT_EQ(wrap_words("日本", 1), (Lines{"日", "本"}));
  EXPECT_EQ(wrap_words("ab", 0), (Lines{"a", "b"}));
}

TEST(WordWrap, no_line_is_too_wide_and_no_character_lost_whatever_the_width) {
  const std::string text =
      "The  sky is 日本語 and e\u0301 über 😊 antidisestablishmentarianism\n\n    x = 1\nend";
  const auto without_spaces = [](std::string all) {
    std::erase_if(all, [](char c) { return c == ' ' || c == '\n'; });
    return all;
  };
  for (std::size_t width = 2; width < 60; ++width) {
    std::string joined;
    for (const std::string& line : wrap_words(text, width)) {
      EXPECT_LE(display_width(line), width) << line;
      joined += line;
    }
    EXPECT_EQ(without_spaces(joined), without_spaces(text)) << width;
  }
}

}  // namespace
}  // namespace rellama::terminal

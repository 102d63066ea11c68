// Markdown at different widths.

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "terminal/display_width.hpp"
#include "terminal/markdown_renderer.hpp"
#include "terminal/rendered_markdown.hpp"

namespace rellama::terminal {
namespace {

using tests::kStyled;
using tests::kWritten;
using tests::render;

std::size_t widest_line(std::string_view rendered) {
  std::size_t widest = 0;
  while (!rendered.empty()) {
    const std::string_view line = rendered.substr(0, rendered.find('\n'));
    widest = std::max(widest, display_width(line));
    rendered.remove_prefix(std::min(line.size() + 1, rendered.size()));
  }
  return widest;
}

TEST(MarkdownWidth, words_go_to_the_next_line) {
  EXPECT_EQ(render("one two three four five", kWritten, 10), "one two\nthree four\nfive\n");
  EXPECT_EQ(render("12345 78901", kWritten, 10), "12345\n78901\n");
  EXPECT_EQ(render("1234 67890", kWritten, 10), "1234 67890\n");
}

TEST(MarkdownWidth, a_word_wider_than_a_line_is_cut) {
  EXPECT_EQ(render("a 1234567 b", kWritten, 5), "a\n12345\n67 b\n");
}

TEST(MarkdownWidth, attributes_have_no_width_and_restart_on_each_line) {
  EXPECT_EQ(render("**one two** three", kStyled, 9),
            "\x1b[1mone\x1b[0m\x1b[1m two\x1b[0m\nthree\n");
  EXPECT_EQ(render("**one two**", kStyled, 5), "\x1b[1mone\x1b[0m\n\x1b[1mtwo\x1b[0m\n");
}

TEST(MarkdownWidth, a_word_with_a_span_in_it_is_not_broken_there) {
  EXPECT_EQ(render("one (**two**), three", kStyled, 9), "one\n(\x1b[1mtwo\x1b[0m),\nthree\n");
}

TEST(MarkdownWidth, lists_and_quotes_wrap_after_their_marks) {
  EXPECT_EQ(render("- one two\n- three", kWritten, 6), "• one\n  two\n• thre\n  e\n");
  EXPECT_EQ(render("10. one two", kWritten, 8), "10. one\n    two\n");
  EXPECT_EQ(render("> one two", kWritten, 6), "▌ one\n▌ two\n");
}

TEST(MarkdownWidth, half_of_the_line_is_for_text_however_deep_it_is_nested) {
  const std::string rendered = render("> > > > > > > > word", kWritten, 8);
  EXPECT_EQ(rendered, "▌ ▌ word\n");
  EXPECT_EQ(render("- a\n  - b\n    - c\n      1. d", kWritten, 10), "• a\n  • b\n  • c\n  1. d\n");
}

TEST(MarkdownWidth, wide_characters_take_two_columns_and_break_anywhere) {
  EXPECT_EQ(render("你好世界和平", kWritten, 5), "你好\n世界\n和平\n");
  EXPECT_EQ(render("ab你好", kWritten, 4), "ab你\n好\n");
}

TEST(MarkdownWidth, no_line_starts_with_closing_or_ends_with_opening_punctuation) {
  EXPECT_EQ(render("你好。世", kWritten, 4), "你\n好。\n世\n");
  EXPECT_EQ(render("你「好」", kWritten, 6), "你\n「好」\n");
  EXPECT_EQ(render("fine 👍!", kWritten, 7), "fine\n👍!\n");
}

TEST(MarkdownWidth, a_character_of_several_parts_is_never_cut) {
  const std::string astronaut = "\U0001F469\u200D\U0001F680";
  const std::string accents = "e\u0301e\u0301e\u0301";
  EXPECT_EQ(render(astronaut + astronaut, kWritten, 4), astronaut + "\n" + astronaut + "\n");
  EXPECT_EQ(render(accents, kWritten, 2), "e\u0301e\u0301\ne\u0301\n");
  EXPECT_EQ(render("*e*\u0301", kStyled, 1), "\x1b[3me\x1b[0m\u0301\n");
}

TEST(MarkdownWidth, a_word_without_end_is_cut_between_characters) {
  std::string word = "a";
  std::string lines = "a";
  for (int i = 1; i < 1'000; ++i) {
    word += "é";
    lines += i % 10 == 0 ? "\né" : "é";
  }
  EXPECT_EQ(render(word, kWritten, 10), lines + "\n");
}

TEST(MarkdownWidth, lines_of_code_are_left_to_the_terminal) {
  EXPECT_EQ(render("```\none two three\n```", kWritten, 8), "───\none two three\n───\n");
}

TEST(MarkdownWidth, cells_wrap_if_the_table_is_too_wide) {
  EXPECT_EQ(render("| a | b |\n|---|---|\n| one two three | four |", kWritten, 12),
            "a     │ b\n──────┼─────\none   │ four\ntwo   │\nthree │\n");
}

TEST(MarkdownWidth, a_table_with_too_many_columns_is_text) {
  EXPECT_EQ(render("|a|b|c|d|\n|-|-|-|-|\n|e|f|g|h|", kWritten, 12),
            "a | b | c |\nd\ne | f | g |\nh\n");
}

TEST(MarkdownWidth, wide_characters_keep_table_columns_aligned) {
  EXPECT_EQ(render("| a | b |\n|---|---|\n| 你好 | c |\n| e\u0301 | d |"),
            "a    │ b\n─────┼──\n你好 │ c\ne\u0301    │ d\n");
}

TEST(MarkdownWidth, nothing_but_code_is_wider_than_the_line) {
  constexpr std::string_view kText =
      "# A heading of several words\n\nText **with emphasis of words** and a "
      "[link](http://a.b/c).\n"
      "\n- an item of several words\n  - another item of several words\n    1. and one more\n\n"
      "> a quote of several words\n> > and 一个更长的引用\n\n| a | column |\n|---|---|\n"
      "| several words | and more words |\n\nTitle\n=====\n\n---\n👍👍👍👍👍👍👍👍👍👍👍👍\n";
  for (int columns = 2; columns <= 90; ++columns) {
    EXPECT_LE(widest_line(render(kText, kWritten, columns)), static_cast<std::size_t>(columns))
        << render(kText, kWritten, columns);
  }
}

TEST(MarkdownWidth, one_column_is_enough) {
  EXPECT_EQ(render("ab 你\n- c", kWritten, 1), "a\nb\n你\nc\n");
}

TEST(MarkdownWidth, resizing_the_window_affects_the_next_line) {
  int columns = 20;
  MarkdownRenderer renderer(kWritten, [&columns] { return columns; });
  std::string shown = renderer.feed("one two three four five ");
  columns = 8;
  shown += renderer.feed("six seven eight nine ten eleven");
  shown += renderer.finish();
  EXPECT_EQ(shown, "one two three four\nfive six seven eight\nnine ten\neleven\n");
}

}  // namespace
}  // namespace rellama::terminal

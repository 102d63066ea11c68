// How each element of Markdown is shown.

#include "terminal/markdown_renderer.hpp"

#include <gtest/gtest.h>

#include "terminal/rendered_markdown.hpp"

namespace rellama::terminal {
namespace {

using tests::kAscii;
using tests::kStyled;
using tests::render;

TEST(MarkdownRenderer, plain_text_stays_as_it_is) {
  EXPECT_EQ(render("Hello, world.\nSecond line.\n\nNew paragraph."),
            "Hello, world.\nSecond line.\n\nNew paragraph.\n");
  EXPECT_EQ(render(""), "");
  EXPECT_EQ(render("\n \n"), "");
}

TEST(MarkdownRenderer, several_blank_lines_become_one) {
  EXPECT_EQ(render("\n\na\n\n\n\nb\n\n"), "a\n\nb\n");
}

TEST(MarkdownRenderer, headings_are_bold_without_their_marks) {
  EXPECT_EQ(render("# One", kStyled), "\x1b[1;4mOne\x1b[0m\n");
  EXPECT_EQ(render("## Two ##", kStyled), "\x1b[1mTwo\x1b[0m\n");
  EXPECT_EQ(render("###### C#", kStyled), "\x1b[1;3mC#\x1b[0m\n");
}

TEST(MarkdownRenderer, headings_keep_their_marks_without_attributes) {
  EXPECT_EQ(render("# One\n## Two ##\ntext"), "# One\n## Two\ntext\n");
}

TEST(MarkdownRenderer, what_only_looks_like_a_heading_is_text) {
  EXPECT_EQ(render("#hashtag\n####### seven", kStyled), "#hashtag\n####### seven\n");
}

TEST(MarkdownRenderer, an_underlined_heading_has_a_line_drawn_under_it) {
  EXPECT_EQ(render("Title\n==\n\nOther one\n---"), "Title\n═════\n\nOther one\n─────────\n");
  EXPECT_EQ(render("Title\n===", kAscii), "Title\n=====\n");
}

TEST(MarkdownRenderer, spans_are_attributes) {
  EXPECT_EQ(render("**s** *e* _e_ `c` ~~d~~", kStyled),
            "\x1b[1ms\x1b[0m \x1b[3me\x1b[0m \x1b[3me\x1b[0m \x1b[36mc\x1b[0m \x1b[9md\x1b[0m\n");
  EXPECT_EQ(render("***both***", kStyled), "\x1b[1;3mboth\x1b[0m\n");
}

TEST(MarkdownRenderer, spans_keep_their_marks_without_attributes) {
  EXPECT_EQ(render("**s** _e_ `c` ~~d~~"), "**s** *e* `c` ~~d~~\n");
}

TEST(MarkdownRenderer, marks_without_meaning_are_shown) {
  EXPECT_EQ(render("5 * 3 * 2, snake_case_name, ~5-~10, \\*not\\*, a`b", kStyled),
            "5 * 3 * 2, snake_case_name, ~5-~10, *not*, a`b\n");
}

TEST(MarkdownRenderer, a_line_of_a_paragraph_that_starts_with_a_number_is_not_an_item) {
  EXPECT_EQ(render("the year\n2024. and\n      on"), "the year\n2024. and\non\n");
  EXPECT_EQ(render("a\n1. b\n   c"), "a\n1. b\n   c\n");
  EXPECT_EQ(render("a\n- b"), "a\n• b\n");
}

TEST(MarkdownRenderer, a_backslash_at_the_end_of_a_line_is_a_line_break) {
  EXPECT_EQ(render("a\\\nb\\"), "a\nb\\\n");
}

TEST(MarkdownRenderer, links_show_where_they_lead) {
  EXPECT_EQ(render("[text](https://a.example/b)"), "text (https://a.example/b)\n");
  EXPECT_EQ(render("[text](/b \"Title\")"), "text (/b \"Title\")\n");
  EXPECT_EQ(render("![picture](p.png)"), "picture (p.png)\n");
  EXPECT_EQ(render("[t](u)", kStyled), "\x1b[4mt\x1b[0m\x1b[2m (u)\x1b[0m\n");
}

TEST(MarkdownRenderer, an_address_that_is_the_text_is_shown_once) {
  EXPECT_EQ(render("<https://a.example/~b> <a@b.example> [https://c](https://c)"),
            "https://a.example/~b a@b.example https://c\n");
}

// md4c 0.4.8 would close a span here that it never opened, if asked to find bare addresses.
TEST(MarkdownRenderer, an_address_with_marks_in_it_is_text) {
  EXPECT_EQ(render("ftp://.l*_r_"), "ftp://.l**r*\n");
}

TEST(MarkdownRenderer, brackets_without_an_address_are_text) {
  EXPECT_EQ(render("a[0] [note] [x][y] (z)"), "a[0] [note] [x][y] (z)\n");
  EXPECT_EQ(render("[ref]: https://a.example \"T\""), "[ref]: https://a.example \"T\"\n");
}

TEST(MarkdownRenderer, character_references_are_decoded) {
  EXPECT_EQ(render("&lt;b&gt; &amp;amp; &#8364; &#x1F44D; &unknown;"), "<b> &amp; € 👍 &unknown;\n");
}

TEST(MarkdownRenderer, html_is_text) {
  EXPECT_EQ(render("a<br>b\n\n<div>\n**c**\n</div>", kStyled),
            "a<br>b\n\n<div>\n\x1b[1mc\x1b[0m\n</div>\n");
}

TEST(MarkdownRenderer, lists_have_bullets_and_keep_their_numbers) {
  EXPECT_EQ(render("- a\n- b\n"), "• a\n• b\n");
  EXPECT_EQ(render("3. c\n4. d\n10. e"), "3. c\n4. d\n10. e\n");
  EXPECT_EQ(render("* a\n+ b", kAscii), "* a\n* b\n");
}

TEST(MarkdownRenderer, lists_nest) {
  EXPECT_EQ(render("- a\n  - b\n    1. c\n- d"), "• a\n  • b\n    1. c\n• d\n");
  EXPECT_EQ(render("1. a\n  - b by two columns"), "1. a\n   • b by two columns\n");
  EXPECT_EQ(render("- - a"), "• • a\n");
}

TEST(MarkdownRenderer, an_item_holds_paragraphs_and_code) {
  EXPECT_EQ(render("1. a\n\n   b\n\n   ```\n   c\n   ```\n2. d"),
            "1. a\n\n   b\n\n───\nc\n───\n2. d\n");
}

TEST(MarkdownRenderer, code_in_a_list_or_a_quote_can_be_copied_too) {
  EXPECT_EQ(render("1. ```\n   a\n     b\n   ```\n2. c"), "1.\n───\na\n  b\n───\n2. c\n");
  EXPECT_EQ(render("> ```\n> a\n> ```\n> b"), "───\na\n───\n▌ b\n");
}

TEST(MarkdownRenderer, an_item_without_text_is_shown) {
  EXPECT_EQ(render("- a\n-\n- b"), "• a\n•\n• b\n");
}

TEST(MarkdownRenderer, tasks_have_boxes) {
  EXPECT_EQ(render("- [ ] a\n- [x] b\n1. [X] c"), "☐ a\n☑ b\n1. ☑ c\n");
  EXPECT_EQ(render("- [ ] a\n- [x] b", kAscii), "[ ] a\n[x] b\n");
  EXPECT_EQ(render("- [x](y)"), "• x (y)\n");
}

TEST(MarkdownRenderer, quotes_have_a_bar) {
  EXPECT_EQ(render("> a\n> b\nlazy\n\nc"), "▌ a\n▌ b\n▌ lazy\n\nc\n");
  EXPECT_EQ(render("> a\n> > b"), "▌ a\n▌ ▌ b\n");
  EXPECT_EQ(render("> a\n>\n> b"), "▌ a\n▌\n▌ b\n");
  EXPECT_EQ(render("> a", kAscii), "> a\n");
  EXPECT_EQ(render("> - a\n> - b"), "▌ • a\n▌ • b\n");
}

TEST(MarkdownRenderer, a_block_of_code_has_nothing_beside_it_and_shows_its_language) {
  EXPECT_EQ(render("```python\nx = 1\n\n  y *= 2\n```\nafter"),
            "─── python\nx = 1\n\n  y *= 2\n───\nafter\n");
  EXPECT_EQ(render("~~~\n```\n~~~", kAscii), "---\n```\n---\n");
  EXPECT_EQ(render("    indented\n\n    code\n\ntext"), "───\nindented\n\ncode\n───\n\ntext\n");
}

TEST(MarkdownRenderer, code_is_not_read_as_markdown) {
  EXPECT_EQ(render("```\n# **a** &amp; \\*\n- b\n```", kStyled),
            "\x1b[2m───\x1b[0m\n# **a** &amp; \\*\n- b\n\x1b[2m───\x1b[0m\n");
}

TEST(MarkdownRenderer, a_longer_fence_holds_a_shorter_one) {
  EXPECT_EQ(render("````\n```\na\n```\n````\nb"), "───\n```\na\n```\n───\nb\n");
}

TEST(MarkdownRenderer, tabs_in_code_go_to_multiples_of_four) {
  EXPECT_EQ(render("```\n\ta\nbc\td\n```"), "───\n    a\nbc  d\n───\n");
}

TEST(MarkdownRenderer, a_rule_is_as_wide_as_the_line) {
  EXPECT_EQ(render("---", tests::kWritten, 5), "─────\n");
  EXPECT_EQ(render("a\n\n* * *\nb", kAscii, 5), "a\n\n-----\nb\n");
}

TEST(MarkdownRenderer, table_columns_are_as_wide_as_their_content) {
  EXPECT_EQ(render("| a | long |\n|---|:--|\n| one | 2 |\n| x |\n\nafter"),
            "a   │ long\n────┼─────\none │ 2\nx   │\n\nafter\n");
  EXPECT_EQ(render("|a|b|\n|-|-|\n|c|d|", kAscii), "a | b\n--+--\nc | d\n");
}

TEST(MarkdownRenderer, table_cells_are_aligned) {
  EXPECT_EQ(render("| left | mid | right |\n|:--|:-:|--:|\n| a | b | c |"),
            "left │ mid │ right\n─────┼─────┼──────\na    │  b  │     c\n");
}

TEST(MarkdownRenderer, table_cells_have_spans) {
  EXPECT_EQ(render("| a |\n|---|\n| **b** |", kStyled),
            "\x1b[1ma\x1b[0m\n\x1b[2m─\x1b[0m\n\x1b[1mb\x1b[0m\n");
  EXPECT_EQ(render("| a | b |\n|---|---|\n| c\\|d | `e\\|f` |"),
            "a   │ b\n────┼──────\nc|d │ `e|f`\n");
}

TEST(MarkdownRenderer, a_table_needs_no_outer_pipes) {
  EXPECT_EQ(render("Name | Age\n--|--\nAnn | 3"), "Name │ Age\n─────┼────\nAnn  │ 3\n");
  EXPECT_EQ(render("my name | age\n--|--\nAnn | 3"), "my name | age\nAnn │ 3\n")
      << "prose is shown word by word";
}

TEST(MarkdownRenderer, a_line_with_pipes_without_a_delimiter_row_is_text) {
  EXPECT_EQ(render("| a | b |\nc"), "| a | b |\nc\n");
  EXPECT_EQ(render("| a | b |\n|---|\n"), "| a | b |\n|---|\n");
}

TEST(MarkdownRenderer, an_extra_cell_is_shown) {
  EXPECT_EQ(render("| a |\n|---|\n| b | c |"), "a │\n──┼──\nb │ c\n");
}

TEST(MarkdownRenderer, a_blank_line_or_another_block_ends_a_table) {
  EXPECT_EQ(render("| a |\n|---|\n| b |\n# c"), "a\n─\nb\n# c\n");
  EXPECT_EQ(render("| a |\n|---|\n\nb"), "a\n─\n\nb\n");
}

}  // namespace
}  // namespace rellama::terminal

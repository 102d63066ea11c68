#include "markdown/parser.hpp"

#include <gtest/gtest.h>

#include <new>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "markdown/spans.hpp"
#include "markdown/tree_text.hpp"

namespace rellama::markdown {
namespace {

using tests::parse;
using tests::parse_pieces;

TEST(MarkdownParser, lines_of_a_paragraph_are_one_block) {
  EXPECT_EQ(parse("one\ntwo\n\nthree"), "paragraph:one/two\nblank:\nparagraph:three");
  EXPECT_EQ(parse("one\\\ntwo"), "paragraph:one/two");
  EXPECT_EQ(parse(""), "");
}

TEST(MarkdownParser, emphasis_next_to_east_asian_punctuation) {
  // Each of these is literal asterisks by CommonMark's rules.
  for (const auto& [text, tree] : std::vector<std::pair<std::string, std::string>>{
           {"**强调。**文字", "paragraph:{strong 强调。}文字"},
           {"中文**“引用”**，后文", "paragraph:中文{strong “引用”}，后文"},
           {"文字**「强调」**文字", "paragraph:文字{strong 「强调」}文字"},
           {"これは**「重要」**です。", "paragraph:これは{strong 「重要」}です。"},
           {"文**(强调)**文", "paragraph:文{strong (强调)}文"},
           {"a **强调：**内容 b", "paragraph:a {strong 强调：}内容 b"},
           {"文*（斜）*文", "paragraph:文{emphasis （斜）}文"},
           {"文~~（删）~~文", "paragraph:文{strike （删）}文"},
           {"한국어**(강조)**는", "paragraph:한국어{strong (강조)}는"}}) {
    EXPECT_EQ(parse(text), tree) << text;
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
      const std::string_view whole = text;
      EXPECT_EQ(parse_pieces({whole.substr(0, cut), whole.substr(cut)}), tree) << text << cut;
    }
  }
  EXPECT_EQ(parse("文 ** 字 ** 文"), "paragraph:文 ** 字 ** 文");
  EXPECT_EQ(parse("`文**。**字`"), "paragraph:{code 文**。**字}");
  EXPECT_EQ(parse("文 \x1e"), "paragraph:文 \uFFFD");
}

TEST(MarkdownParser, headings_have_levels) {
  EXPECT_EQ(parse("# One\n### Three ###"), "heading 1:One\nheading 3:Three");
}

TEST(MarkdownParser, an_underline_makes_the_paragraph_before_it_a_heading) {
  EXPECT_EQ(parse("One\n==\nTwo\n--"), "paragraph:One\nunderline 1:\nparagraph:Two\nunderline 2:");
}

TEST(MarkdownParser, items_hold_blocks) {
  EXPECT_EQ(parse("- a\n  - [x] b\n- [ ] c"),
            "item:\n  paragraph:a\n  item checked:\n    paragraph:b\n"
            "item unchecked:\n  paragraph:c");
  EXPECT_EQ(parse("12. a\n\n    b"), "item 12.:\n  paragraph:a\n  blank:\n  paragraph:b");
}

TEST(MarkdownParser, quotes_hold_blocks) {
  EXPECT_EQ(parse("> a\nlazy\n\n> > # b"),
            "quote:\n  paragraph:a/lazy\nblank:\nquote:\n  quote:\n    heading 1:b");
}

TEST(MarkdownParser, code_is_literal) {
  EXPECT_EQ(parse("```sh -x\n*a* &amp;\r\n\n\tb\n```"), "fenced 'sh -x':*a* &amp;\r\\n\\n\tb\\n");
  EXPECT_EQ(parse("    a\n\n    b\n\nc"), "indented:a\\n\\nb\\n\nblank:\nparagraph:c");
}

TEST(MarkdownParser, a_table_has_rows_of_cells_with_spans) {
  EXPECT_EQ(parse("| a | b |\n|:-:|--:|\n| *c* | d\\|e |"),
            "table cr:\n  row 4:\n    cell:a\n    cell:b\n"
            "  row 8:\n    cell:{emphasis c}\n    cell:d|e");
}

TEST(MarkdownParser, a_table_needs_no_outer_pipes) {
  for (const char* head : {"a", "Name", "**Name**", "First Name", "Weight (Kg)", "名前", "GPT 4"}) {
    const std::string text = parse(head + std::string(" | b\n--|--\nc | d"));
    EXPECT_TRUE(text.starts_with("table ll:\n  row ")) << text;
    EXPECT_TRUE(text.ends_with("    cell:b\n  row 4:\n    cell:c\n    cell:d")) << text;
  }
  EXPECT_EQ(parse("a | b\nc"), "paragraph:a | b/c");
}

TEST(MarkdownParser, a_head_that_begins_like_prose_comes_before_its_table) {
  for (const char* head : {"the first name", "Sure! Here", "See `a`"}) {
    EXPECT_EQ(parse(head + std::string(" | b\n--|--\nc | d")).find("paragraph:"), 0U) << head;
  }
  EXPECT_EQ(parse("my name | b\n--|--\nc | d"),
            "paragraph:my name | b\ntable ll:\n  row 0:\n  row 4:\n    cell:c\n    cell:d");
}

TEST(MarkdownParser, rules_are_empty) {
  EXPECT_EQ(parse("---\n* * *"), "rule:\nrule:");
}

TEST(MarkdownParser, spans_nest) {
  EXPECT_EQ(parse("**a *b* `c`** ~~d~~"), "paragraph:{strong a {emphasis b} {code c}} {strike d}");
}

TEST(MarkdownParser, what_the_receiver_of_a_tree_throws_is_thrown_on) {
  class Full final : public SpanSink {
   public:
    void text(std::string_view /*text*/) override { throw std::bad_alloc(); }
    void line_break() override {}
    void open_span(const Span& /*span*/) override { ++open; }
    void close_span(const Span& /*span*/) override {}
    int open = 0;
  } full;
  EXPECT_THROW(parse_spans("an *emphasized* word", full), std::bad_alloc);
  EXPECT_EQ(full.open, 0) << "nothing follows";
}

TEST(MarkdownParser, links_and_images_have_addresses_and_titles) {
  EXPECT_EQ(parse("[a *b*](http://c \"T&amp;\") ![d](e) <https://f>"),
            "paragraph:{link <http://c> 'T&' a {emphasis b}} {image <e> d} "
            "{link <https://f> https://f}");
}

TEST(MarkdownParser, a_span_goes_on_in_the_next_line) {
  EXPECT_EQ(parse("**a\nb**"), "paragraph:{strong a/b}");
  EXPECT_EQ(parse("[a](<b\nc>)"), "paragraph:{link <b   c> a}");
}

TEST(MarkdownParser, every_span_is_closed) {
  EXPECT_EQ(parse("*a"), "paragraph:*a");
  // md4c 0.4.8 opens this emphasis and never closes it.
  EXPECT_EQ(parse("_[](_)"), "paragraph:{emphasis {link <_> }}");
}

TEST(MarkdownParser, character_references_become_what_they_stand_for) {
  EXPECT_EQ(parse("&lt;&#65;&#x1F44D;&#0;&#xD800;&#10;&unknown;"),
            "paragraph:<A👍\uFFFD\uFFFD &unknown;");
  EXPECT_EQ(parse("[a&#27;](b&#31;)"), "paragraph:{link <b\x1f> a\x1b}");
}

TEST(MarkdownParser, no_character_of_the_text_is_taken_for_a_line_break) {
  EXPECT_EQ(parse("*a\x1f"
                  "b*"),
            "paragraph:{emphasis a\uFFFDb}");
}

TEST(MarkdownParser, every_cut_gives_the_same_tree) {
  constexpr std::string_view kText =
      "# Head *line* ##\n**strong\ntext** `code` [link](u \"t\") 你好\n- one\n  1. [x] two\n"
      "> quote\nlazy\n===\n```c\nint a;\n```\n| a | b |\n|--|:-:|\n| *c* | d |\n\n    code\n\n***\n"
      "e | f\n-|-\ng|h\n";
  const std::string whole = parse(kText);
  for (std::size_t cut = 0; cut <= kText.size(); ++cut) {
    ASSERT_EQ(parse_pieces({kText.substr(0, cut), kText.substr(cut)}), whole) << "cut at " << cut;
  }
}

TEST(MarkdownParser, text_is_passed_on_word_by_word) {
  tests::TreeText tree;
  Parser parser(tree);
  parser.feed("one *two");
  EXPECT_EQ(tree.str(), "paragraph:one ");
  parser.feed("* three");
  EXPECT_EQ(tree.str(), "paragraph:one {emphasis two} ");
}

}  // namespace
}  // namespace rellama::markdown

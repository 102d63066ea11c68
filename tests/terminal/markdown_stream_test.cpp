// Markdown that arrives in pieces. The output does not depend on the cuts, appears as early as
// possible, is only appended to, and contains all of the text.

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "terminal/markdown_renderer.hpp"
#include "terminal/rendered_markdown.hpp"

namespace rellama::terminal {
namespace {

using tests::kStyled;
using tests::kWritten;
using tests::render;
using tests::render_pieces;

// Every element, with what is hard to cut: marks of several characters, lines that only the next
// line explains, characters of several bytes.
constexpr std::string_view kSample =
    "# Head *line* ##\r\n"
    "Para **strong text** and `code` [link](http://a.b \"T\") 你好。\n"
    "Setext\n===\n"
    "- one\n  - [x] two\n\n    more\n12. twelve\n"
    "> quoted\n> > deeper\nlazy ~~x~~\n\n"
    "```sh -x\nls\t-l\n\n```\n"
    "| a | b |\n|:--|--:|\n| *c* | d👍 |\n| e |\n\n"
    "f | g\n--|--\nh | i\n\n"
    "    indented\n\n    code\n\n"
    "* * *\n"
    "&amp; \x1b[2J e\xCC\x81 \xE2\x82 *open [un(closed\n";

std::vector<std::string_view> single_bytes(std::string_view text) {
  std::vector<std::string_view> bytes;
  for (std::size_t i = 0; i < text.size(); ++i) bytes.push_back(text.substr(i, 1));
  return bytes;
}

TEST(MarkdownStream, every_cut_gives_the_same) {
  for (const MarkdownForm form : {kStyled, kWritten}) {
    for (const int columns : {20, 80}) {
      const std::string whole = render(kSample, form, columns);
      ASSERT_EQ(render_pieces(single_bytes(kSample), form, columns), whole);
      for (std::size_t cut = 0; cut <= kSample.size(); ++cut) {
        ASSERT_EQ(render_pieces({kSample.substr(0, cut), kSample.substr(cut)}, form, columns),
                  whole)
            << "cut at " << cut << ", behind: " << kSample.substr(0, cut);
      }
    }
  }
}

// Letters, except for the x that checks a box.
bool is_letter(char c) {
  return ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) && c != 'x';
}

// A run that is interrupted anywhere shows what arrived.
TEST(MarkdownStream, what_arrived_is_shown_wherever_the_text_ends) {
  std::string text(kSample);
  text.replace(text.find("&amp;"), 5, "+");  // a reference to another character
  for (std::size_t size = 0; size <= text.size(); ++size) {
    const std::string source = text.substr(0, size);
    const std::string rendered = render(source, kWritten, 200);
    std::size_t at = 0;
    for (const char c : source) {
      if (!is_letter(c)) continue;
      at = rendered.find(c, at);
      ASSERT_NE(at, std::string::npos) << "lost '" << c << "' of: " << source;
      ++at;
    }
    ASSERT_TRUE(rendered.empty() || rendered.ends_with('\n')) << source;
  }
}

// Only escape sequences ESC [ … m, and none in effect at the end of a line.
void expect_attributes_only(std::string_view rendered) {
  bool plain = true;
  for (std::size_t i = 0; i < rendered.size(); ++i) {
    if (rendered[i] == '\n') {
      ASSERT_TRUE(plain) << rendered.substr(0, i);
    }
    if (rendered[i] != '\x1b') continue;
    const std::size_t end = rendered.find_first_not_of("0123456789;", i + 2);
    ASSERT_EQ(rendered[i + 1], '[');
    ASSERT_EQ(rendered[end], 'm');
    plain = rendered.substr(i + 2, end - i - 2) == "0";
  }
  ASSERT_TRUE(plain);
}

TEST(MarkdownStream, attributes_are_off_wherever_the_text_ends) {
  for (std::size_t size = 0; size <= kSample.size(); ++size) {
    expect_attributes_only(render(kSample.substr(0, size), kStyled, 20));
  }
}

TEST(MarkdownStream, control_characters_are_shown_and_not_obeyed) {
  EXPECT_EQ(render("a\x1b[2Jb \x1b]0;t\x07 c\x08 \xC2\x9B \xE2\x80\xAE", kStyled),
            "a␛[2Jb ␛]0;t␇ c␈ <U+009B> <U+202E>\n");
  EXPECT_EQ(render("```\x1b[1m\n\x1b[31m\n```"), "─── ␛[1m\n␛[31m\n───\n");
  EXPECT_EQ(render("| \x1b[1m |\n|---|\n"), "␛[1m\n────\n");
  EXPECT_EQ(render("[a](\x1b[1m)"), "a (␛[1m)\n");
}

TEST(MarkdownStream, character_references_do_not_smuggle_control_characters_in) {
  EXPECT_EQ(render("&#27;[2J &#x9b;1m &#8238; &#0; [a](b&#27;c \"&#31;\")"),
            "␛[2J <U+009B>1m <U+202E> � a (b␛c \"␟\")\n");
}

TEST(MarkdownStream, words_are_shown_as_soon_as_they_are_complete) {
  MarkdownRenderer renderer(kStyled, [] { return 80; });
  EXPECT_EQ(renderer.feed("Hello"), "");
  EXPECT_EQ(renderer.feed(" wor"), "Hello");
  EXPECT_EQ(renderer.feed("ld "), " world");
  EXPECT_EQ(renderer.feed("你好"), "");
  EXPECT_EQ(renderer.feed("吗"), " 你");
  EXPECT_EQ(renderer.feed("\n"), "好吗");
  EXPECT_EQ(renderer.feed("next\n"), "\nnext");
  EXPECT_EQ(renderer.finish(), "\n");
}

TEST(MarkdownStream, a_span_is_shown_when_it_is_closed) {
  MarkdownRenderer renderer(kStyled, [] { return 80; });
  EXPECT_EQ(renderer.feed("a **b "), "a");
  EXPECT_EQ(renderer.feed("c** "), " \x1b[1mb\x1b[0m\x1b[1m c\x1b[0m");
  EXPECT_EQ(renderer.finish(), "\n");
}

TEST(MarkdownStream, code_is_shown_at_once) {
  MarkdownRenderer renderer(kWritten, [] { return 80; });
  EXPECT_EQ(renderer.feed("```\n"), "───\n");
  EXPECT_EQ(renderer.feed("int"), "int");
  EXPECT_EQ(renderer.feed(" a;"), " a;");
  EXPECT_EQ(renderer.feed("\n"), "\n");
  EXPECT_EQ(renderer.finish(), "───\n");
}

TEST(MarkdownStream, an_unclosed_mark_does_not_hold_back_the_answer) {
  MarkdownRenderer renderer(kWritten, [] { return 80; });
  std::string shown;
  for (int i = 0; i < 200; ++i) shown += renderer.feed(i == 0 ? "*word " : "word ");
  EXPECT_GT(shown.size(), 300U);
  shown += renderer.finish();
  EXPECT_TRUE(shown.starts_with("*word word "));
  EXPECT_EQ(std::count(shown.begin(), shown.end(), 'w'), 200);
}

TEST(MarkdownStream, a_long_table_does_not_hold_back_the_answer) {
  MarkdownRenderer renderer(kWritten, [] { return 80; });
  std::string shown = renderer.feed("| a | b |\n|---|---|\n");
  EXPECT_EQ(shown, "");
  for (int i = 0; i < 4'000; ++i) shown += renderer.feed("| cell | other |\n");
  EXPECT_NE(shown, "");
  shown += renderer.finish();
  EXPECT_EQ(std::count(shown.begin(), shown.end(), 'c'), 4'000);
}

TEST(MarkdownStream, unfinished_elements_are_shown_as_far_as_they_go) {
  EXPECT_EQ(render("```c\nint a"), "─── c\nint a\n───\n");
  EXPECT_EQ(render("a **b"), "a **b\n");
  EXPECT_EQ(render("a `b c"), "a `b c\n");
  EXPECT_EQ(render("a [b](http://c"), "a [b](http://c\n");
  EXPECT_EQ(render("| a | b"), "| a | b\n");
  EXPECT_EQ(render("| a | b |\n|--"), "| a | b |\n|--\n");
  EXPECT_EQ(render("| a | b |\n|--|--|\n| c"), "a │ b\n──┼──\nc │\n");
  EXPECT_EQ(render("- "), "•\n");
  EXPECT_EQ(render("``"), "``\n");
  EXPECT_EQ(render("1"), "1\n");
}

TEST(MarkdownStream, a_span_ends_with_its_paragraph) {
  EXPECT_EQ(render("a *b\n\nc* d", kStyled), "a *b\n\nc* d\n");
}

TEST(MarkdownStream, a_span_continues_on_the_next_line) {
  EXPECT_EQ(render("**a\nb** c", kStyled), "\x1b[1ma\x1b[0m\n\x1b[1mb\x1b[0m c\n");
}

// Limits the output. A renderer that takes quadratic time would not finish within the time limit.
TEST(MarkdownStream, long_texts_of_every_kind_are_rendered_piece_by_piece) {
  for (const std::string_view unit : {"word ",     "*",       "**a",
                                      "`",         "[",       "](",
                                      "[a](b) ",   "> ",      "- ",
                                      "1. ",       "|",       "| a ",
                                      "#",         "~~~",     "\\",
                                      "&",         "<",       "_a",
                                      " ",         "\t",      "a|\n",
                                      "```\n",     "    a\n", "- a\n",
                                      "> a\n",     "你",      "\xF0\x9F\x91\x8D\xE2\x80\x8D",
                                      "e\xCC\x81", "\x1b",    "\xFF"}) {
    std::string text;
    while (text.size() < 100'000) text += unit;
    MarkdownRenderer renderer(kStyled, [] { return 80; });
    std::size_t shown = 0;
    for (std::size_t i = 0; i < text.size(); i += 10) {
      shown += renderer.feed(std::string_view(text).substr(i, 10)).size();
    }
    shown += renderer.finish().size();
    EXPECT_LT(shown, 60 * text.size()) << unit;
  }
}

}  // namespace
}  // namespace rellama::terminal

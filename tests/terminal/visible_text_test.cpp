#include "terminal/visible_text.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "wire/utf8.hpp"

namespace rellama::terminal {
namespace {

using namespace std::string_literals;

std::string shown_in_pieces(const std::vector<std::string>& pieces) {
  VisibleText visible;
  std::string shown;
  for (const std::string& piece : pieces) shown += visible.filter(piece);
  shown += visible.finish();
  return shown;
}

std::string shown(const std::string& text) {
  return shown_in_pieces({text});
}

TEST(VisibleText, plain_text_passes_with_line_feeds_and_tabs) {
  EXPECT_EQ(shown("Hello,\tworld!\n~ 100 %\n"), "Hello,\tworld!\n~ 100 %\n");
}

TEST(VisibleText, safe_text_is_returned_without_a_copy) {
  const std::string text = std::string(1000, 'x') + " naïve café 你好 👩‍🚀\n";
  VisibleText visible;
  EXPECT_EQ(visible.filter(text).data(), text.data());
}

TEST(VisibleText, an_escape_sequence_is_shown_not_run) {
  EXPECT_EQ(shown("\x1b[31mred\x1b[0m"), "␛[31mred␛[0m");
  EXPECT_EQ(shown("\x1b]52;c;cm0gLXJm\x07"), "␛]52;c;cm0gLXJm␇");
  EXPECT_EQ(shown("\x1bP+q544e\x1b\\"), "␛P+q544e␛\\");
}

TEST(VisibleText, an_escape_sequence_cut_between_pieces_is_still_shown_not_run) {
  EXPECT_EQ(shown_in_pieces({"a\x1b", "[2J"}), "a␛[2J");
}

TEST(VisibleText, every_ascii_control_character_has_a_mark) {
  for (char c = 0; c < 0x20; ++c) {
    if (c == '\n' || c == '\t') continue;
    const std::string expected{'\xE2', '\x90', static_cast<char>(0x80 + c)};
    EXPECT_EQ(shown("a"s + c + "b"), "a" + expected + "b") << "control " << static_cast<int>(c);
  }
  EXPECT_EQ(shown("a\x7f"), "a␡");
}

TEST(VisibleText, a_control_character_is_found_anywhere_in_a_long_text) {
  for (std::size_t at = 0; at < 200; ++at) {
    std::string text(200, 'x');
    text[at] = '\x1b';
    const std::string expected = std::string(at, 'x') + "␛" + std::string(199 - at, 'x');
    ASSERT_EQ(shown(text), expected) << "at " << at;
  }
}

TEST(VisibleText, a_carriage_return_does_not_overwrite_the_line) {
  EXPECT_EQ(shown("rm -rf\rls    "), "rm -rf␍ls    ");
  EXPECT_EQ(shown("end\r"), "end␍");
  EXPECT_EQ(shown("\r\r\n"), "␍\n");
}

TEST(VisibleText, a_windows_line_end_is_a_line_end_even_if_it_is_cut) {
  EXPECT_EQ(shown("a\r\nb"), "a\nb");
  EXPECT_EQ(shown_in_pieces({"a\r", "\nb"}), "a\nb");
  EXPECT_EQ(shown_in_pieces({"a\r", "b"}), "a␍b");
}

TEST(VisibleText, c1_controls_are_marked_as_characters_and_as_bytes) {
  EXPECT_EQ(shown("\xC2\x9B"
                  "31m"),
            "<U+009B>31m");
  EXPECT_EQ(shown("\xC2\x80\xC2\x9F\xC2\xA0"), "<U+0080><U+009F>\xC2\xA0");
  EXPECT_EQ(shown("\x9B"
                  "31m"),
            "<9B>31m");
}

TEST(VisibleText, text_cannot_be_reordered_or_hidden) {
  EXPECT_EQ(shown("\u202A\u202E\u2066\u2069"), "<U+202A><U+202E><U+2066><U+2069>");
  EXPECT_EQ(shown("\u200E\u200F\u061C"), "<U+200E><U+200F><U+061C>");
  EXPECT_EQ(shown("\u2028\u2029"), "<U+2028><U+2029>");
  EXPECT_EQ(shown("a\uFEFF\uFFF9"), "a<U+FEFF><U+FFF9>");
  EXPECT_EQ(shown("\U000E0041\U000E007F\U000E0000"), "<U+E0041><U+E007F><U+E0000>");
}

TEST(VisibleText, the_neighbors_of_marked_characters_pass) {
  const std::string text =
      "\u00AC\u00AE\u061B\u061D\u180A\u200A\u2010\u2027\u202F\u205F\u2070\u3163\u3165\uFDFF\uFE10"
      "\U000E1000 ~";
  EXPECT_EQ(shown(text), text);
}

TEST(VisibleText, emoji_with_joiners_and_variation_selectors_pass) {
  const std::string text =
      "👩‍🚀 ❤️ 👨‍👩‍👧 🏳️‍🌈 é 한국어 नमस्ते";
  EXPECT_EQ(shown(text), text);
}

TEST(VisibleText, bytes_that_are_not_utf8_are_marked_one_by_one) {
  EXPECT_EQ(shown("a\xFF"
                  "b"),
            "a<FF>b");
  EXPECT_EQ(shown("\xC0\xAF"), "<C0><AF>");                  // overlong
  EXPECT_EQ(shown("\xE0\x9F\xBF"), "<E0><9F><BF>");          // overlong
  EXPECT_EQ(shown("\xF0\x8F\xBF\xBF"), "<F0><8F><BF><BF>");  // overlong
  EXPECT_EQ(shown("\xED\xA0\x80"), "<ED><A0><80>");          // a surrogate
  EXPECT_EQ(shown("\xF4\x90\x80\x80"), "<F4><90><80><80>");  // past U+10FFFF
  EXPECT_EQ(shown("\xE2\x82"
                  "a"),
            "<E2><82>a");                    // broken off
  EXPECT_EQ(shown("\xE2\x82"), "<E2><82>");  // cut at the end
}

TEST(VisibleText, the_last_characters_of_each_length_pass) {
  const std::string text = "\u07FF\uD7FF\uE000\uFFFD\U00010000\U0010FFFF";
  EXPECT_EQ(shown(text), text);
}

class VisibleTextCuts : public testing::TestWithParam<std::string> {};

TEST_P(VisibleTextCuts, the_result_does_not_depend_on_how_the_text_is_cut) {
  const std::string& text = GetParam();
  const std::string whole = shown(text);
  std::vector<std::string> bytes;
  for (const char c : text) bytes.emplace_back(1, c);
  EXPECT_EQ(shown_in_pieces(bytes), whole) << "cut at every byte";
  for (std::size_t first = 0; first <= text.size(); ++first) {
    for (std::size_t second = first; second <= text.size(); ++second) {
      ASSERT_EQ(shown_in_pieces({text.substr(0, first), text.substr(first, second - first),
                                 text.substr(second)}),
                whole)
          << "cut at " << first << " and " << second;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Texts, VisibleTextCuts,
                         testing::Values("plain text\nwith lines\n"s,
                                         "\x1b[31mred\x1b[0m\r\nnext\rlast\r"s,
                                         "👩‍🚀 café \u202Etxet\u202C 你好\r\n\r"s,
                                         "\xE2\x82\xF0\x9F\x98\xC2\x9B\x9B\xFF\xED\xA0"s,
                                         "\xF0\x9F\x98\x80\xF0\x9F\x98\r\n\0x\x7f"s,
                                         "\r\r\r\n\n\r"s));

TEST(VisibleText, nothing_is_left_for_the_next_text_after_finish) {
  VisibleText visible;
  EXPECT_EQ(visible.filter("a\xE2\x82"), "a");
  EXPECT_EQ(visible.finish(), "<E2><82>");
  EXPECT_EQ(visible.finish(), "");
  EXPECT_EQ(visible.filter("\xAC"), "<AC>");
}

TEST(OneLine, line_ends_with_the_blanks_around_them_become_one_space) {
  EXPECT_EQ(one_line("  first \r\n\n\t second\tthird\n"), "first second third");
  EXPECT_EQ(one_line("\n \n"), "");
}

TEST(OneLine, control_characters_are_marked) {
  EXPECT_EQ(one_line("a\x1b[2J\rb\u2028\xE2"), "a␛[2J␍b<U+2028><E2>");
}

TEST(VisibleText, invisible_characters_are_marked) {
  for (const char32_t code :
       {U'\xAD',   U'\x34F',   U'\x115F',  U'\x1160',  U'\x180E',  U'\x200B',  U'\x2060',
        U'\x2061', U'\x2064',  U'\x2065',  U'\x206A',  U'\x206F',  U'\x3164',  U'\xFEFF',
        U'\xFFA0', U'\x1D173', U'\xE0001', U'\xE0041', U'\xE0100', U'\xE01EF', U'\xFE00',
        U'\xFE0F', U'\x200C',  U'\x200D',  U'\x180B'}) {
    std::string text = "A";
    wire::append_utf8(code, text);
    const std::string marked = shown(text + "B");
    EXPECT_TRUE(marked.starts_with("A<U+") && marked.ends_with(">B")) << marked;
  }
}

TEST(VisibleText, emoji_and_scripts_keep_the_invisible_characters_that_they_need) {
  for (const std::string text :
       {"👩‍🚀 👩🏽‍🚀 👨‍👩‍👧 ❤️ ❤️‍🔥 1️⃣ #️⃣ "
        "☎︎ "
        "🏳️‍🌈 "
        "⚕️",
        "می‌خواهم", "क्‍ष क्‌ष", "葛󠄀 ≨︀", "ᠠ᠋", "日本"}) {
    EXPECT_EQ(shown(text), text);
    std::vector<std::string> bytes;
    for (const char c : text) bytes.emplace_back(1, c);
    EXPECT_EQ(shown_in_pieces(bytes), text);
  }
}

TEST(VisibleText, a_second_joiner_or_selector_is_stray) {
  EXPECT_EQ(shown("👩‍‍🚀"), "👩‍<U+200D>🚀");
  EXPECT_EQ(shown("❤️️"), "❤️<U+FE0F>");
  EXPECT_EQ(shown("葛󠄀󠄁"), "葛󠄀<U+E0101>");
  EXPECT_EQ(shown("\x1b\xEF\xB8\x8F"), "␛<U+FE0F>");
}

}  // namespace
}  // namespace rellama::terminal

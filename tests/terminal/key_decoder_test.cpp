#include "terminal/key_decoder.hpp"

#include <gtest/gtest.h>

namespace rellama::terminal {
namespace {

std::u32string keys(KeyDecoder& decoder) {
  std::u32string keys;
  while (const auto key = decoder.next()) keys += *key;
  return keys;
}

std::u32string keys_of(std::string_view bytes) {
  KeyDecoder decoder;
  decoder.feed(bytes);
  return keys(decoder);
}

TEST(KeyDecoder, characters_of_every_length_pass) {
  EXPECT_EQ(keys_of("aä€🙂\r\t\x03"), U"aä€🙂\r\t\x03");
}

TEST(KeyDecoder, a_character_may_come_in_pieces) {
  KeyDecoder decoder;
  decoder.feed("\xF0\x9F");
  EXPECT_EQ(keys(decoder), U"");
  decoder.feed("\x99\x82x");
  EXPECT_EQ(keys(decoder), U"🙂x");
}

TEST(KeyDecoder, what_was_decoded_is_not_decoded_again) {
  KeyDecoder decoder;
  decoder.feed("ab\xF0\x9F");
  EXPECT_EQ(decoder.next(), U'a');
  decoder.feed("\x99\x82");
  EXPECT_EQ(keys(decoder), U"b🙂");
  decoder.feed("c");
  EXPECT_EQ(keys(decoder), U"c");
}

TEST(KeyDecoder, invalid_utf8_is_replaced) {
  EXPECT_EQ(keys_of("\xFFz"), U"\uFFFDz");
  EXPECT_EQ(keys_of("\xC3(a"), U"\uFFFD(a");
  EXPECT_EQ(keys_of("\xED\xA0\x80z"), U"\uFFFDz") << "half of a surrogate pair";
  EXPECT_EQ(keys_of("\xE0\x80\x80z"), U"\uFFFDz") << "longer than it may be";
}

TEST(KeyDecoder, a_windows_line_end_in_two_reads_is_one_line_end) {
  KeyDecoder decoder;
  decoder.feed("\x1b[200~a\r");
  EXPECT_EQ(keys(decoder), U"a␤");
  decoder.feed("\nb\r");
  EXPECT_EQ(keys(decoder), U"b␤");
  decoder.feed("\n\n\x1b[201~\x1b[200~\n\x1b[201~");
  EXPECT_EQ(keys(decoder), U"␤␤");
}

TEST(KeyDecoder, a_byte_order_mark_is_not_pasted) {
  EXPECT_EQ(keys_of("\x1b[200~\xEF\xBB\xBFhi\x1b[201~"), U"hi");
}

TEST(KeyDecoder, a_paste_stays_one_line) {
  EXPECT_EQ(keys_of("\x1b[200~a\r\nb\rc\n\td\x1b[201~\r"), U"a␤b␤c␤␉d\r");
}

TEST(KeyDecoder, a_paste_presses_no_keys) {
  EXPECT_EQ(keys_of("\x1b[200~a\x03\x04\x1b[A\x7f"
                    "b\x1b[201~"),
            U"a[Ab");
}

TEST(KeyDecoder, the_result_does_not_depend_on_how_a_paste_is_cut) {
  const std::string bytes = "x\x1b[200~ä\nb\x1b[201~y";
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    KeyDecoder decoder;
    decoder.feed(bytes.substr(0, cut));
    std::u32string seen = keys(decoder);
    decoder.feed(bytes.substr(cut));
    seen += keys(decoder);
    EXPECT_EQ(seen, U"xä␤by") << cut;
  }
}

TEST(KeyDecoder, the_escape_key_is_held_until_it_is_known_to_be_one) {
  KeyDecoder decoder;
  decoder.feed("\x1b");
  EXPECT_EQ(keys(decoder), U"");
  EXPECT_TRUE(decoder.may_be_key());
  decoder.take_as_key();
  EXPECT_EQ(keys(decoder), U"\x1b");
  decoder.feed("\x1b[A");
  EXPECT_EQ(keys(decoder), U"\x1b[A") << "an arrow is no mark";
}

TEST(KeyDecoder, half_a_mark_is_never_a_key) {
  KeyDecoder decoder;
  decoder.feed("\x1b[20");
  EXPECT_FALSE(decoder.may_be_key());
  decoder.feed("0~a\x1b");
  EXPECT_EQ(keys(decoder), U"a");
  EXPECT_FALSE(decoder.may_be_key()) << "in a paste no key is pressed";
  decoder.feed("[201~b");
  EXPECT_EQ(keys(decoder), U"b");
}

TEST(KeyDecoder, a_mark_is_recognized_even_if_its_escape_was_taken_as_a_key) {
  KeyDecoder decoder;
  decoder.feed("\x1b");
  decoder.take_as_key();
  EXPECT_EQ(keys(decoder), U"\x1b");
  decoder.feed("[");
  EXPECT_TRUE(decoder.may_be_key());
  decoder.feed("200~a\nb\x1b[201~\r");
  EXPECT_EQ(keys(decoder), U"a␤b\r");
}

TEST(KeyDecoder, a_paste_of_a_megabyte_takes_no_time) {
  EXPECT_EQ(keys_of("\x1b[200~" + std::string(1'000'000, 'x') + "\x1b[201~").size(), 1'000'000U);
}

TEST(KeyDecoder, signs_stand_for_line_ends_and_tabs) {
  EXPECT_EQ(with_signs("a\n\tb"), "a␤␉b");
  EXPECT_EQ(without_signs("a␤␉b"), "a\n\tb");
  EXPECT_EQ(without_signs(with_signs("\n\n\t")), "\n\n\t");
}

}  // namespace
}  // namespace rellama::terminal

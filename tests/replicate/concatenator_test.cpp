#include "rellama/concatenator.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "wire/utf8.hpp"

namespace rellama {
namespace {

// One, two, three and four bytes a character, and a family that is several joined ones.
const std::string kText =
    "na\xC3\xAFve \xE2\x82\xAC 5 \xF0\x9F\xA6\x99\n\xF0\x9F\x91\xA8\xE2\x80\x8D\xF0\x9F\x91\xA9 "
    "end\xC2\xA0";

TEST(Concatenator, returns_each_piece_as_it_arrives) {
  Concatenator text;
  EXPECT_EQ(text.append("Hel"), "Hel");
  EXPECT_EQ(text.append(""), "");
  EXPECT_EQ(text.append("lo"), "lo");
  EXPECT_EQ(text.finish(), "");
  EXPECT_EQ(text.text(), "Hello");
}

TEST(Concatenator, a_character_split_between_pieces_is_returned_once_and_whole) {
  for (std::size_t cut = 0; cut <= kText.size(); ++cut) {
    Concatenator text;
    const std::string first(text.append(kText.substr(0, cut)));
    EXPECT_EQ(wire::find_invalid_utf8(first), std::nullopt) << "cut at byte " << cut;
    const std::string second(text.append(kText.substr(cut)));
    EXPECT_EQ(wire::find_invalid_utf8(second), std::nullopt) << "cut at byte " << cut;
    EXPECT_EQ(first + second, kText) << "cut at byte " << cut;
    EXPECT_EQ(text.finish(), "");
  }
}

TEST(Concatenator, byte_by_byte_only_whole_characters_are_returned) {
  Concatenator text;
  std::string shown;
  for (const char byte : kText) {
    const std::string fresh(text.append(std::string(1, byte)));
    EXPECT_EQ(wire::find_invalid_utf8(fresh), std::nullopt);
    shown += fresh;
  }
  EXPECT_EQ(shown, kText);
}

TEST(Concatenator, an_incomplete_character_is_returned_at_the_end) {
  Concatenator text;
  EXPECT_EQ(text.append("ok \xF0\x9F\xA6"), "ok ");
  EXPECT_EQ(text.finish(), "\xF0\x9F\xA6");
  EXPECT_EQ(text.finish(), "");
  EXPECT_EQ(text.text(), "ok \xF0\x9F\xA6");
}

TEST(Concatenator, invalid_bytes_are_neither_altered_nor_lost) {
  const std::string odd("\xFF\x80\xC3(\0\xE2\x82", 7);
  Concatenator text;
  std::string shown;
  for (const char byte : odd) shown += text.append(std::string(1, byte));
  shown += text.finish();
  EXPECT_EQ(shown, odd);
}

TEST(Concatenator, a_poll_returns_only_new_text) {
  Concatenator text;
  EXPECT_EQ(text.append_cumulative(""), "");
  EXPECT_EQ(text.append_cumulative("one"), "one");
  EXPECT_EQ(text.append_cumulative("one"), "");
  EXPECT_EQ(text.append_cumulative("one two"), " two");
  EXPECT_EQ(text.text(), "one two");
}

TEST(Concatenator, a_poll_that_lags_or_differs_is_ignored) {
  Concatenator text;
  text.append("one two");
  EXPECT_EQ(text.append_cumulative("one"), "");
  EXPECT_EQ(text.append_cumulative("One two three"), "");
  EXPECT_EQ(text.append_cumulative(""), "");
  EXPECT_EQ(text.text(), "one two");
  EXPECT_FALSE(text.agrees_with("one"));
  EXPECT_FALSE(text.agrees_with("One two three"));
  EXPECT_TRUE(text.agrees_with("one two"));
  EXPECT_TRUE(text.agrees_with("one two three"));
}

TEST(Concatenator, a_poll_completes_the_character_that_a_stream_cut) {
  Concatenator text;
  EXPECT_EQ(text.append("llama \xF0\x9F"), "llama ");
  EXPECT_EQ(text.append_cumulative("llama \xF0\x9F\xA6\x99!"), "\xF0\x9F\xA6\x99!");
}

TEST(Concatenator, any_mix_of_pieces_and_polls_returns_the_text_once) {
  std::mt19937 random(42);
  const std::vector<std::string> alphabet{
      "a", " ", "\n", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\xA6\x99", "\xF0\x9F\x98\x80"};
  for (int round = 0; round < 3000; ++round) {
    std::string whole;
    for (int i = 0; i < 20; ++i) whole += alphabet[random() % alphabet.size()];
    Concatenator text;
    std::string shown;
    std::size_t taken = 0;
    while (taken < whole.size()) {
      const std::size_t end = std::min(whole.size(), taken + random() % 5);
      const bool polls = random() % 2 == 0;
      const std::string fresh(polls ? text.append_cumulative(whole.substr(0, end))
                                    : text.append(whole.substr(taken, end - taken)));
      ASSERT_EQ(wire::find_invalid_utf8(fresh), std::nullopt);
      shown += fresh;
      taken = end;
      if (random() % 4 == 0) {  // an outdated poll arrives late
        EXPECT_EQ(text.append_cumulative(whole.substr(0, random() % (taken + 1))), "");
      }
    }
    shown += text.finish();
    ASSERT_EQ(shown, whole);
    ASSERT_EQ(text.text(), whole);
  }
}

}  // namespace
}  // namespace rellama

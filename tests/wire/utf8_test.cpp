#include "wire/utf8.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace rellama::wire {
namespace {

using namespace std::string_literals;

const std::vector<std::string> kCharacters{"a",
                                           "\xC2\x80",
                                           "\xDF\xBF",
                                           "\xE0\xA0\x80",
                                           "\xED\x9F\xBF",
                                           "\xEE\x80\x80",
                                           "\xEF\xBF\xBF",
                                           "\xF0\x90\x80\x80",
                                           "\xF0\x9F\xA6\x99",
                                           "\xF4\x8F\xBF\xBF"};

TEST(IncompleteSuffix, a_character_cut_anywhere_is_incomplete_and_a_whole_one_is_not) {
  for (const std::string& character : kCharacters) {
    for (std::size_t cut = 0; cut < character.size(); ++cut) {
      EXPECT_EQ(incomplete_suffix("so " + character.substr(0, cut)), cut)
          << testing::PrintToString(character);
      EXPECT_EQ(incomplete_suffix(character.substr(0, cut)), cut);
    }
    EXPECT_EQ(incomplete_suffix("so " + character), 0U);
  }
}

TEST(IncompleteSuffix, bytes_that_can_never_become_a_character_are_not_incomplete) {
  for (const std::string& broken :
       {"\x80"s, "\xC0"s, "\xC1"s, "\xF5"s, "\xFF"s, "\xE0\x80"s, "\xED\xA0"s, "\xF0\x80"s,
        "\xF4\x90"s, "\x80\x80\x80\x80"s, "\xC3\x28"s, "\xE2\x28"s, "\xF0\x9F\x28"s, "a\x80\x80"s,
        "\xC3\xA9\x80"s, "\xE0\x80\x80"s}) {
    EXPECT_EQ(incomplete_suffix(broken), 0U) << testing::PrintToString(broken);
  }
}

TEST(IncompleteSuffix, a_new_character_after_an_invalid_one_is_incomplete) {
  EXPECT_EQ(incomplete_suffix("\xF0\x9F\xC3"), 1U);
  EXPECT_EQ(incomplete_suffix("\x80\xE2\x82"), 2U);
}

TEST(IncompleteSuffix, an_empty_text_is_complete) {
  EXPECT_EQ(incomplete_suffix(""), 0U);
}

TEST(FindInvalidUtf8, characters_of_every_length_are_valid) {
  std::string all;
  for (const std::string& character : kCharacters) all += character;
  EXPECT_EQ(find_invalid_utf8(all), std::nullopt);
  EXPECT_EQ(find_invalid_utf8(""), std::nullopt);
  EXPECT_EQ(find_invalid_utf8("\0"s), std::nullopt);
}

TEST(FindInvalidUtf8, returns_the_offset_of_the_first_invalid_byte) {
  const std::vector<std::pair<std::string, std::size_t>> cases{
      {"caf\xE9", 3},                       // Latin-1
      {"ok \x80", 3},                       // a byte in the middle of nothing
      {"\xC0\xAF", 0},                      // overlong slash
      {"\xE0\x80\xAF", 0},                  // overlong slash in three
      {"\xF0\x80\x80\xAF", 0},              // and in four
      {"a\xED\xA0\x80", 1},                 // a surrogate
      {"\xF4\x90\x80\x80", 0},              // past U+10FFFF
      {"\xF8\x88\x80\x80\x80", 0},          // five bytes
      {"\xC3\xA9\xC3", 2},                  // cut at the end
      {"\xF0\x9F\xA6\x99\xF0\x9F\xA6", 4},  // likewise
      {"\xF0\x9F\xA6 x", 0},                // cut in the middle
      {"\xFE\xFF", 0},
  };
  for (const auto& [text, at] : cases) {
    EXPECT_EQ(find_invalid_utf8(text), at) << testing::PrintToString(text);
  }
}

// A second opinion: decode to a code point and look at the number.
bool is_valid(unsigned first, unsigned second, unsigned third) {
  if (first < 0xE0 || first > 0xEF || (second & 0xC0U) != 0x80 || (third & 0xC0U) != 0x80) {
    return false;
  }
  const unsigned point = ((first & 0xFU) << 12U) | ((second & 0x3FU) << 6U) | (third & 0x3FU);
  return point >= 0x800 && (point < 0xD800 || point > 0xDFFF);
}

TEST(FindInvalidUtf8, agrees_with_the_standard_on_every_three_byte_sequence) {
  for (unsigned first = 0xE0; first <= 0xEF; ++first) {
    for (unsigned second = 0x70; second <= 0xFF; ++second) {
      for (const unsigned third : {0x00U, 0x7FU, 0x80U, 0xBFU, 0xC0U, 0xFFU}) {
        const std::string text{static_cast<char>(first), static_cast<char>(second),
                               static_cast<char>(third)};
        EXPECT_EQ(!find_invalid_utf8(text), is_valid(first, second, third))
            << testing::PrintToString(text);
      }
    }
  }
}

TEST(AppendUtf8, characters_of_every_length_are_encoded_as_the_compiler_does) {
  std::string text;
  for (const char32_t character : {U'a', U'\u007f', U'\u0080', U'é', U'\u07ff', U'\u0800', U'€',
                                   U'\uffff', U'\U00010000', U'🚀', U'\U0010ffff'}) {
    append_utf8(character, text);
  }
  EXPECT_EQ(text, "a\u007f\u0080é\u07ff\u0800€\uffff\U00010000🚀\U0010ffff");
}

TEST(FindInvalidUtf8, an_invalid_byte_is_found_at_every_offset) {
  for (std::size_t at = 0; at < 40; ++at) {
    std::string text(40, 'a');
    EXPECT_EQ(find_invalid_utf8(text), std::nullopt);
    text[at] = '\xFF';
    EXPECT_EQ(find_invalid_utf8(text), at);
  }
}

}  // namespace
}  // namespace rellama::wire

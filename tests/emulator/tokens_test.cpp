#include "emulator/tokens.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace rellama::emulator {
namespace {

std::string joined(const std::vector<std::string>& tokens) {
  std::string text;
  for (const std::string& token : tokens) text += token;
  return text;
}

constexpr std::string_view kText = "Hällo 🦙 wörld,\n\nunbelievable  “quotes” \n";

TEST(EmulatorTokens, tokens_include_their_leading_space_and_join_to_the_text) {
  const auto tokens = split_into_tokens("The sky\n\nis unbelievable");
  EXPECT_EQ(tokens, (std::vector<std::string>{"The", " sky", "\n\nis", " unbeli", "evable"}));
  EXPECT_EQ(joined(split_into_tokens(kText)), kText);
  EXPECT_EQ(count_tokens(kText), split_into_tokens(kText).size());
}

TEST(EmulatorTokens, pieces_of_an_echo_are_1_to_7_bytes_of_whole_characters) {
  std::string text;
  for (int i = 0; i < 20; ++i) text += kText;
  const auto pieces = split_into_pieces(text, CutAt::characters);
  EXPECT_EQ(joined(pieces), text);
  for (const std::string& piece : pieces) {
    EXPECT_GE(piece.size(), 1U);
    EXPECT_LE(piece.size(), 7U);
    EXPECT_NE(static_cast<unsigned char>(piece.front()) & 0xc0U, 0x80U) << piece;
  }
}

TEST(EmulatorTokens, pieces_cut_inside_characters_are_repaired_for_json) {
  std::string text;
  for (int i = 0; i < 20; ++i) text += kText;
  const auto pieces = split_into_pieces(text, CutAt::bytes);
  EXPECT_TRUE(std::ranges::any_of(pieces, [](const std::string& piece) {
    return (static_cast<unsigned char>(piece.front()) & 0xc0U) == 0x80U;
  }));
  const auto whole = whole_characters(pieces, pieces.size());
  EXPECT_EQ(joined(whole), text);
  for (const std::string& piece : whole) {
    EXPECT_TRUE(piece.empty() || (static_cast<unsigned char>(piece.front()) & 0xc0U) != 0x80U);
  }
}

TEST(EmulatorTokens, a_stop_sequence_ends_the_text_even_if_it_spans_tokens) {
  std::vector<std::string> tokens{"", "one", " two", " three"};
  stop_at(tokens, {"zero", "o th"});
  EXPECT_EQ(joined(tokens), "one tw");
  stop_at(tokens, {""});
  EXPECT_EQ(joined(tokens), "one tw") << "an empty stop sequence stops nothing";
}

}  // namespace
}  // namespace rellama::emulator

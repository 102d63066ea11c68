#include "prompt/marker.hpp"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>

namespace rellama::prompt {
namespace {

constexpr std::array kTags{Marker{"[INST]"}, Marker{"[/INST]"}, Marker{"</s>"}};
constexpr std::array kNames{Marker{"<|", MarkerKind::bar_name}};
constexpr std::array kLines{Marker{"User:", MarkerKind::line_start}};
constexpr std::array kPhrases{Marker{"### Instruction:"}};

TEST(Marker, is_broken_by_a_space) {
  EXPECT_EQ(neutralize("a [INST] b", kTags), "a [ INST] b");
  EXPECT_EQ(neutralize("[/inst]</S>", kTags), "[ /inst]< /S>") << "ignoring case";
  EXPECT_EQ(neutralize("<|eot_id|>", kNames), "< |eot_id|>");
  EXPECT_EQ(neutralize("say ### Instruction: x", kPhrases), "say ### Instruction : x");
}

TEST(Marker, breaking_one_does_not_create_another) {
  EXPECT_EQ(neutralize("[[INST]INST]", kTags), "[[ INST]INST]");
  EXPECT_EQ(neutralize("<</s>/s>", kTags), "<< /s>/s>");
}

TEST(Marker, similar_text_stays_unchanged) {
  for (const std::string text : {"[INST", "INST]", "< /s>", "<| eot |>", "a || b |> c", "<||>"}) {
    EXPECT_EQ(neutralize(text, kTags), text);
    EXPECT_EQ(neutralize(text, kNames), text);
  }
}

TEST(Marker, of_kind_line_start_counts_only_at_the_start_of_a_line) {
  EXPECT_EQ(neutralize("the User: field", kLines), "the User: field");
  EXPECT_EQ(neutralize("User: x", kLines), "User : x");
  for (const std::string before : {"a\n", "a\r", "a\xe2\x80\xa8", "> ", "\n  - ", "\xc2\xa0"}) {
    EXPECT_EQ(neutralize(before + "user: x", kLines), before + "user : x");
  }
}

TEST(Marker, none_is_left_in_any_text) {
  const std::string letters = "[]/INSTinst<>s| :UserLINE#\n_";
  std::mt19937 random(3);
  std::uniform_int_distribution<std::size_t> pick(0, letters.size() - 1);
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    for (int i = 0; i < 24; ++i) text += letters[pick(random)];
    for (const auto markers : {std::span<const Marker>(kTags), std::span<const Marker>(kNames),
                               std::span<const Marker>(kLines)}) {
      const std::string safe = neutralize(text, markers);
      EXPECT_FALSE(has_marker(safe, markers)) << text;
      std::string without;
      for (std::size_t i = 0, j = 0; i < safe.size(); ++i) {
        if (j < text.size() && safe[i] == text[j]) {
          without += text[j++];
        } else {
          EXPECT_EQ(safe[i], ' ') << "only spaces are inserted: " << text;
        }
      }
      EXPECT_EQ(without, text);
    }
  }
}

}  // namespace
}  // namespace rellama::prompt

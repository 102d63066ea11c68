#include <gtest/gtest.h>

#include <string>

#include "rellama/transcript.hpp"

namespace rellama {
namespace {

TEST(TokenEstimate, counts_a_token_per_four_letters_and_per_other_character) {
  const TokenEstimate estimate;
  EXPECT_EQ(estimate.count(""), 0);
  EXPECT_EQ(estimate.count("sky"), 1);
  EXPECT_EQ(estimate.count("extraordinary"), 4);
  EXPECT_EQ(estimate.count("Why is the sky blue?"), 6);
  EXPECT_EQ(estimate.count("2023"), 4);
  EXPECT_EQ(estimate.count("\n\n"), 2);
  EXPECT_EQ(estimate.count("\xF0\x9F\xA6\x99"), 4)
      << "one per byte of a character outside the vocabulary";
}

TEST(TokenEstimate, learns_from_reported_counts) {
  TokenEstimate estimate;
  const std::string text(4000, 'x');
  EXPECT_EQ(estimate.count(text), 1000);
  estimate.observe(1000, 1500);
  EXPECT_GE(estimate.count(text), 1500) << "never below what was seen";
  EXPECT_LE(estimate.count(text), 1800);
  estimate.observe(estimate.count(text), 1500);
  EXPECT_GE(estimate.count(text), 1500) << "and it stays there";
  EXPECT_LE(estimate.count(text), 1800);
}

TEST(TokenEstimate, ignores_or_limits_implausible_counts) {
  TokenEstimate estimate;
  const std::string text(4000, 'x');
  estimate.observe(3, 300);
  EXPECT_EQ(estimate.count(text), 1000) << "most tokens of a short prompt are formatting";
  estimate.observe(1000, 0);
  EXPECT_EQ(estimate.count(text), 1000) << "nothing was reported";
  estimate.observe(100, 1'000'000'000);
  EXPECT_EQ(estimate.count(text), 4000) << "four times at most";
  estimate.observe(4000, 32);
  EXPECT_EQ(estimate.count(text), 500) << "half at least";
}

}  // namespace
}  // namespace rellama

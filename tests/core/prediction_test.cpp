#include "rellama/prediction.hpp"

#include <gtest/gtest.h>

#include <string>

namespace rellama {
namespace {

TEST(Status, every_word_of_the_api_is_known_and_written_the_same_way) {
  for (const std::string word :
       {"starting", "processing", "succeeded", "failed", "canceled", "aborted"}) {
    EXPECT_NE(parse_status(word), Status::unknown) << word;
    EXPECT_EQ(render_status(parse_status(word)), word);
  }
}

TEST(Status, successful_is_another_word_for_succeeded) {
  EXPECT_EQ(parse_status("successful"), Status::succeeded);
  EXPECT_EQ(render_status(Status::succeeded), "succeeded");
}

TEST(Status, a_word_nobody_knows_is_unknown_and_not_the_end) {
  for (const std::string word : {"", "Succeeded", "cancelled", "queued", "succeeded "}) {
    EXPECT_EQ(parse_status(word), Status::unknown) << word;
  }
  EXPECT_EQ(render_status(Status::unknown), "unknown");
  EXPECT_FALSE(is_terminal(Status::unknown));
}

TEST(Status, a_prediction_is_over_in_exactly_four_states) {
  EXPECT_FALSE(is_terminal(Status::starting));
  EXPECT_FALSE(is_terminal(Status::processing));
  EXPECT_TRUE(is_terminal(Status::succeeded));
  EXPECT_TRUE(is_terminal(Status::failed));
  EXPECT_TRUE(is_terminal(Status::canceled));
  EXPECT_TRUE(is_terminal(Status::aborted));
}

TEST(Output, pieces_are_joined_without_anything_between_them) {
  Output output;
  output.append("");
  output.append(" Sure");
  output.append("!");
  EXPECT_EQ(output.text(), " Sure!");
  ASSERT_EQ(output.piece_count(), 3U);
  EXPECT_EQ(output.piece(0), "");
  EXPECT_EQ(output.piece(1), " Sure");
  EXPECT_EQ(output.piece(2), "!");
}

TEST(Output, one_empty_piece_is_output_and_no_piece_is_none) {
  Output output;
  EXPECT_TRUE(output.empty());
  output.append("");
  EXPECT_FALSE(output.empty());
  EXPECT_EQ(output.text(), "");
}

TEST(Output, json_takes_the_place_of_text) {
  Output output;
  output.append("text");
  output.set_json("{\"a\":1}");
  EXPECT_FALSE(output.empty());
  EXPECT_EQ(output.text(), "");
  EXPECT_EQ(output.piece_count(), 0U);
  EXPECT_EQ(output.json(), "{\"a\":1}");
}

}  // namespace
}  // namespace rellama

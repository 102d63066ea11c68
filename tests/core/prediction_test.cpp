#include "rellama/prediction.hpp"

#include <gtest/gtest.h>

#include <string>

namespace rellama {
namespace {

TEST(Status, every_status_of_the_api_is_parsed_and_rendered_unchanged) {
  for (const std::string word :
       {"starting", "processing", "succeeded", "failed", "canceled", "aborted"}) {
    EXPECT_NE(parse_status(word), Status::unknown) << word;
    EXPECT_EQ(render_status(parse_status(word)), word);
  }
}

TEST(Status, successful_is_an_alias_of_succeeded) {
  EXPECT_EQ(parse_status("successful"), Status::succeeded);
  EXPECT_EQ(render_status(Status::succeeded), "succeeded");
}

TEST(Status, an_unrecognized_status_is_unknown_and_not_terminal) {
  for (const std::string word : {"", "Succeeded", "cancelled", "queued", "succeeded "}) {
    EXPECT_EQ(parse_status(word), Status::unknown) << word;
  }
  EXPECT_EQ(render_status(Status::unknown), "unknown");
  EXPECT_FALSE(is_terminal(Status::unknown));
}

TEST(Status, exactly_four_statuses_are_terminal) {
  EXPECT_FALSE(is_terminal(Status::starting));
  EXPECT_FALSE(is_terminal(Status::processing));
  EXPECT_TRUE(is_terminal(Status::succeeded));
  EXPECT_TRUE(is_terminal(Status::failed));
  EXPECT_TRUE(is_terminal(Status::canceled));
  EXPECT_TRUE(is_terminal(Status::aborted));
}

TEST(Output, pieces_are_joined_without_separators) {
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

TEST(Output, one_empty_piece_counts_as_output_but_no_pieces_do_not) {
  Output output;
  EXPECT_TRUE(output.empty());
  output.append("");
  EXPECT_FALSE(output.empty());
  EXPECT_EQ(output.text(), "");
}

TEST(Output, json_replaces_text) {
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

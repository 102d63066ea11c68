#include "prompt/similar.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace rellama::prompt {
namespace {

const std::vector<std::string> kKnownNames{"temperature", "top_p", "top_k", "seed",
                                           "max_new_tokens"};

TEST(Similar, one_or_two_typing_errors_are_recognized) {
  EXPECT_EQ(find_similar("temprature", kKnownNames), "temperature");
  EXPECT_EQ(find_similar("temperatrue", kKnownNames), "temperature");
  EXPECT_EQ(find_similar("top-p", kKnownNames), "top_p");
  EXPECT_EQ(find_similar("sede", kKnownNames), "seed");
}

TEST(Similar, a_prefix_of_a_name_is_recognized) {
  EXPECT_EQ(find_similar("temp", kKnownNames), "temperature");
  EXPECT_EQ(find_similar("max_new", kKnownNames), "max_new_tokens");
}

TEST(Similar, an_unrelated_name_has_no_suggestion) {
  EXPECT_EQ(find_similar("width", kKnownNames), "");
  EXPECT_EQ(find_similar("", kKnownNames), "");
  EXPECT_EQ(find_similar("x", kKnownNames), "");
  EXPECT_EQ(find_similar(std::string(100'000, 't'), kKnownNames), "");
}

TEST(NearMiss, swapped_neighbors_are_one) {
  EXPECT_TRUE(is_near_miss("chta", "chat"));
  EXPECT_TRUE(is_near_miss("hlep", "help"));
  EXPECT_TRUE(is_near_miss("histroy", "history"));
}

TEST(NearMiss, one_edit_is_one_in_a_long_word_only) {
  EXPECT_TRUE(is_near_miss("modles", "models"));
  EXPECT_TRUE(is_near_miss("prediction", "predictions"));
  EXPECT_TRUE(is_near_miss("versions", "version"));
  for (const char* word : {"what", "that", "chart", "cat", "chats"}) {
    EXPECT_FALSE(is_near_miss(word, "chat")) << word;
  }
  EXPECT_FALSE(is_near_miss("auto", "auth"));
  EXPECT_FALSE(is_near_miss("model", "models"));
  EXPECT_FALSE(is_near_miss("story", "history"));
}

TEST(NearMiss, the_word_itself_is_none) {
  EXPECT_FALSE(is_near_miss("history", "history"));
  EXPECT_FALSE(is_near_miss("", "a"));
  EXPECT_FALSE(is_near_miss(std::string(100'000, 'a'), "history"));
}

}  // namespace
}  // namespace rellama::prompt

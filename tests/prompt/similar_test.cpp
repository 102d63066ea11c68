#include "prompt/similar.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace rellama::prompt {
namespace {

const std::vector<std::string> kNames{"temperature", "top_p", "top_k", "seed", "max_new_tokens"};

TEST(Similar, one_or_two_typing_errors_are_recognized) {
  EXPECT_EQ(find_similar("temprature", kNames), "temperature");
  EXPECT_EQ(find_similar("temperatrue", kNames), "temperature");
  EXPECT_EQ(find_similar("top-p", kNames), "top_p");
  EXPECT_EQ(find_similar("sede", kNames), "seed");
}

TEST(Similar, a_prefix_of_a_name_is_recognized) {
  EXPECT_EQ(find_similar("temp", kNames), "temperature");
  EXPECT_EQ(find_similar("max_new", kNames), "max_new_tokens");
}

TEST(Similar, an_unrelated_name_has_no_suggestion) {
  EXPECT_EQ(find_similar("width", kNames), "");
  EXPECT_EQ(find_similar("", kNames), "");
  EXPECT_EQ(find_similar("x", kNames), "");
  EXPECT_EQ(find_similar(std::string(100'000, 't'), kNames), "");
}

}  // namespace
}  // namespace rellama::prompt

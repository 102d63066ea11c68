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

}  // namespace
}  // namespace rellama::prompt

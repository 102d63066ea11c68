#include "prompt/similar.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace rellama::prompt {
namespace {

const std::vector<std::string> kNames{"temperature", "top_p", "top_k", "seed", "max_new_tokens"};

TEST(Similar, a_slip_or_two_of_the_keyboard_is_recognised) {
  EXPECT_EQ(find_similar("temprature", kNames), "temperature");
  EXPECT_EQ(find_similar("temperatrue", kNames), "temperature");
  EXPECT_EQ(find_similar("top-p", kNames), "top_p");
  EXPECT_EQ(find_similar("sede", kNames), "seed");
}

TEST(Similar, so_is_the_beginning_of_a_name) {
  EXPECT_EQ(find_similar("temp", kNames), "temperature");
  EXPECT_EQ(find_similar("max_new", kNames), "max_new_tokens");
}

TEST(Similar, what_is_like_nothing_is_like_nothing) {
  EXPECT_EQ(find_similar("width", kNames), "");
  EXPECT_EQ(find_similar("", kNames), "");
  EXPECT_EQ(find_similar("x", kNames), "");
  EXPECT_EQ(find_similar(std::string(100'000, 't'), kNames), "");
}

}  // namespace
}  // namespace rellama::prompt

#include "wire/counted.hpp"

#include <gtest/gtest.h>

namespace rellama::wire {
namespace {

TEST(Counted, one_is_singular_and_any_other_number_plural) {
  EXPECT_EQ(counted(0, "answer"), "0 answers");
  EXPECT_EQ(counted(1, "answer"), "1 answer");
  EXPECT_EQ(counted(2, "answer"), "2 answers");
  EXPECT_EQ(counted(-1, "degree"), "-1 degrees");
}

TEST(Counted, a_verb_agrees_with_the_number) {
  EXPECT_EQ(counted(1, "row", "is", "are"), "1 row is");
  EXPECT_EQ(counted(3, "row", "was", "were"), "3 rows were");
}

}  // namespace
}  // namespace rellama::wire

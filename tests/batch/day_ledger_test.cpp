#include "batch/day_ledger.hpp"

#include <gtest/gtest.h>

#include "files/scratch_directory.hpp"

namespace rellama::batch {
namespace {

class DayLedgers : public test::ScratchDirectory {
 protected:
  [[nodiscard]] DayLedger open(const std::string& batch, std::int64_t most = 100) const {
    return {at("days.db"), batch, most};
  }
};

TEST_F(DayLedgers, what_one_batch_can_cost_is_not_there_for_another) {
  DayLedger first = open("a");
  DayLedger second = open("b");
  EXPECT_FALSE(first.reserve(10, 16));
  const auto others = second.reserve(7, 16);
  ASSERT_TRUE(others);
  EXPECT_DOUBLE_EQ(others->spent, 0);
  EXPECT_DOUBLE_EQ(others->reserved, 10);
  EXPECT_FALSE(second.reserve(6, 16));
}

TEST_F(DayLedgers, what_was_spent_is_no_longer_reserved_and_the_rest_is_released) {
  DayLedger first = open("a");
  DayLedger second = open("b");
  EXPECT_FALSE(first.reserve(10, 16));
  first.add_cost(4);
  const auto others = second.reserve(7, 16);
  ASSERT_TRUE(others);
  EXPECT_DOUBLE_EQ(others->spent, 4);
  EXPECT_DOUBLE_EQ(others->reserved, 6);
  first.release();
  EXPECT_FALSE(second.reserve(12, 16));
}

TEST_F(DayLedgers, a_batch_that_was_killed_keeps_what_it_had_reserved_until_it_is_continued) {
  EXPECT_FALSE(open("a").reserve(10, 16));
  EXPECT_TRUE(open("b").reserve(7, 16));
  EXPECT_FALSE(open("a").reserve(3, 16));
  EXPECT_FALSE(open("b").reserve(13, 16));
}

TEST_F(DayLedgers, predictions_are_counted_together_and_can_be_given_back) {
  DayLedger first = open("a", 3);
  DayLedger second = open("b", 3);
  EXPECT_TRUE(first.take());
  EXPECT_TRUE(second.take());
  EXPECT_TRUE(first.take());
  EXPECT_FALSE(second.take());
  first.give_back();
  EXPECT_TRUE(second.take());
  EXPECT_FALSE(first.take());
}

}  // namespace
}  // namespace rellama::batch

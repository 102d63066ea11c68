#include "batch/shard.hpp"

#include <gtest/gtest.h>

#include <map>
#include <optional>

#include "support/expect_error.hpp"

namespace rellama::batch {
namespace {

using test::error_of;
using test::holds;

Shard parse(std::string_view text, const std::map<std::string, std::string>& variables = {}) {
  return parse_shard(text, [&](std::string_view name) -> std::optional<std::string> {
    const auto found = variables.find(std::string(name));
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  });
}

TEST(Shards, every_row_is_in_exactly_one_of_about_equal_parts) {
  std::vector<std::size_t> counts(7);
  for (std::size_t row = 1; row <= 7000; ++row) {
    Record record;
    record.place.row = row;
    int in = 0;
    for (std::size_t k = 1; k <= 7; ++k) {
      if (!Shard{.number = k, .count = 7}.has(record)) continue;
      ++in;
      ++counts[k - 1];
    }
    EXPECT_EQ(in, 1);
  }
  for (const std::size_t count : counts) EXPECT_NEAR(static_cast<double>(count), 1000, 150);
}

TEST(Shards, a_row_with_an_id_stays_in_its_part_wherever_it_is) {
  Record record;
  record.id = "q17";
  for (std::size_t k = 1; k <= 5; ++k) {
    const Shard shard{.number = k, .count = 5};
    record.place.row = 1;
    const bool before = shard.has(record);
    record.place.row = 99;
    EXPECT_EQ(shard.has(record), before);
  }
}

TEST(Shards, a_part_is_given_or_taken_from_the_cluster) {
  EXPECT_EQ(parse("3/8").name(), "3-of-8");
  EXPECT_EQ(parse("auto", {{"SLURM_ARRAY_TASK_ID", "5"},
                           {"SLURM_ARRAY_TASK_MIN", "1"},
                           {"SLURM_ARRAY_TASK_COUNT", "8"}})
                .name(),
            "5-of-8");
  EXPECT_EQ(parse("auto", {{"SLURM_ARRAY_TASK_ID", "4"},
                           {"SLURM_ARRAY_TASK_MIN", "2"},
                           {"SLURM_ARRAY_TASK_STEP", "2"},
                           {"SLURM_ARRAY_TASK_COUNT", "3"}})
                .name(),
            "2-of-3");
  EXPECT_EQ(parse("auto/4", {{"JOB_COMPLETION_INDEX", "0"}}).name(), "1-of-4");
  EXPECT_EQ(parse("auto", {{"JOB_COMPLETION_INDEX", "3"}, {"JOB_COMPLETIONS", "4"}}).name(),
            "4-of-4");
}

TEST(Shards, what_is_no_part_is_refused) {
  for (const char* text : {"0/3", "4/3", "1", "1/", "/2", "a/b", "1/2/3", "-1/2"}) {
    EXPECT_TRUE(holds(error_of([&] { (void)parse(text); }).what(), text));
  }
  EXPECT_TRUE(holds(error_of([] { (void)parse("auto"); }).what(), "JOB_COMPLETION_INDEX"));
  EXPECT_TRUE(holds(error_of([] {
                      (void)parse("auto", {{"SLURM_ARRAY_TASK_ID", "12"},
                                           {"SLURM_ARRAY_TASK_MIN", "0"},
                                           {"SLURM_ARRAY_TASK_COUNT", "4"}});
                    }).what(),
                    "without gaps"));
}

}  // namespace
}  // namespace rellama::batch

#include "api/stop_cutter.hpp"

#include <gtest/gtest.h>

namespace rellama::api {
namespace {

// The answer that is shown if `text` arrives in pieces of `size` bytes.
std::string cut(const std::vector<std::string>& stops, const std::string& text, std::size_t size) {
  StopCutter cutter(stops);
  std::string shown;
  for (std::size_t at = 0; at < text.size(); at += size) {
    shown += cutter.append(std::string_view(text).substr(at, size));
  }
  return shown + cutter.finish();
}

TEST(StopCutter, an_answer_ends_before_the_first_stop_sequence_however_it_is_split) {
  for (const std::size_t size : {1U, 2U, 3U, 5U, 100U}) {
    EXPECT_EQ(cut({"\nuser:"}, "Hi.\nuser: more", size), "Hi.") << size;
    EXPECT_EQ(cut({"x, y", ","}, "a x, y", size), "a ") << size;
    EXPECT_EQ(cut({"x, y", ","}, "a x, z", size), "a x") << size;
    EXPECT_EQ(cut({"x, y", ","}, "a x,", size), "a x") << size;
    EXPECT_EQ(cut({"aab"}, "aaab", size), "a") << size;
    EXPECT_EQ(cut({}, "all of it", size), "all of it") << size;
  }
}

TEST(StopCutter, what_only_begins_like_a_stop_sequence_is_shown_in_the_end) {
  EXPECT_EQ(cut({"END."}, "THE EN", 1), "THE EN");
  StopCutter cutter({"END"});
  EXPECT_EQ(cutter.append("the E"), "the ");
  EXPECT_EQ(cutter.append("ast"), "East");
  EXPECT_EQ(cutter.finish(), "");
  EXPECT_FALSE(cutter.found());
}

TEST(StopCutter, the_stop_sequence_that_was_found_is_known_and_nothing_follows_it) {
  StopCutter cutter({"B", "C"});
  EXPECT_EQ(cutter.append("abc C B"), "abc ");
  EXPECT_EQ(cutter.found(), "C");
  EXPECT_EQ(cutter.append("more"), "");
  EXPECT_EQ(cutter.finish(), "");
}

}  // namespace
}  // namespace rellama::api

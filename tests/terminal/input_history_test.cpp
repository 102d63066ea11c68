#include "terminal/input_history.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <fstream>

namespace rellama::terminal {
namespace {

class InputHistoryTest : public testing::Test {
 protected:
  ~InputHistoryTest() override { std::filesystem::remove_all(home_); }

  static std::filesystem::path make_home() {
    std::string name = testing::TempDir() + "rellama-XXXXXX";
    return mkdtemp(name.data());
  }
  std::filesystem::path home_ = make_home();
  InputHistory history_{home_ / "state" / "chat_input.jsonl"};
};

TEST_F(InputHistoryTest, what_was_added_is_read_whatever_it_contains) {
  EXPECT_TRUE(history_.read().empty());
  history_.append("first");
  history_.append("two\nlines \"quoted\" ä");
  EXPECT_EQ(history_.read(), (std::vector<std::string>{"first", "two\nlines \"quoted\" ä"}));
}

TEST_F(InputHistoryTest, only_its_owner_can_read_it) {
  history_.append("secret");
  struct stat status {};
  ASSERT_EQ(stat((home_ / "state" / "chat_input.jsonl").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  ASSERT_EQ(stat((home_ / "state").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0700U);
}

TEST_F(InputHistoryTest, the_latest_are_kept_and_a_long_file_is_cut_back) {
  for (int i = 0; i < 4500; ++i) history_.append(std::to_string(i));
  const auto messages = history_.read();
  EXPECT_EQ(messages.size(), InputHistory::kMostMessages);
  EXPECT_EQ(messages.back(), "4499");
  EXPECT_LT(std::filesystem::file_size(home_ / "state" / "chat_input.jsonl"), 8000U);
  EXPECT_EQ(history_.read(), messages);
}

TEST_F(InputHistoryTest, very_long_messages_are_not_kept) {
  history_.append("good");
  history_.append(std::string(InputHistory::kLongestMessage, 'x'));
  history_.append(std::string(InputHistory::kLongestMessage + 1, 'x'));
  {
    std::ofstream file(home_ / "state" / "chat_input.jsonl", std::ios::app);
    file << '"' << std::string(500'000, 'x') << "\"\n\"last\"\n";
  }
  const auto messages = history_.read();
  ASSERT_EQ(messages.size(), 3U);
  EXPECT_EQ(messages[1].size(), InputHistory::kLongestMessage);
  EXPECT_EQ(messages[2], "last");
}

TEST_F(InputHistoryTest, invalid_lines_are_skipped) {
  history_.append("good");
  std::ofstream(home_ / "state" / "chat_input.jsonl", std::ios::app)
      << "{broken\n7\n\"also good\"\n";
  EXPECT_EQ(history_.read(), (std::vector<std::string>{"good", "also good"}));
}

TEST_F(InputHistoryTest, a_long_file_is_read_at_its_end_and_cut_back) {
  history_.append("short");
  history_.append(std::string(1'000'000, 'x'));
  const auto path = home_ / "state" / "chat_input.jsonl";
  EXPECT_LT(std::filesystem::file_size(path), 100U);
  std::ofstream(path, std::ios::app) << '"' << std::string(3'000'000, 'y') << "\"\n\"last\"\n";
  EXPECT_EQ(history_.read(), std::vector<std::string>{"last"}) << "only the end is read";
  EXPECT_LT(std::filesystem::file_size(path), 100U) << "and kept";
}

TEST_F(InputHistoryTest, a_directory_that_cannot_be_written_is_ignored) {
  const InputHistory nowhere("/proc/rellama/none");
  nowhere.append("lost");
  EXPECT_TRUE(nowhere.read().empty());
}

}  // namespace
}  // namespace rellama::terminal

#include "history/recorder.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <thread>

namespace rellama::history {
namespace {

class RecorderTest : public testing::Test {
 protected:
  ~RecorderTest() override { std::filesystem::remove_all(directory_); }

  static NewTurn question() {
    NewTurn turn;
    turn.prediction = "p";
    turn.model = "m";
    turn.model_options = "{}";
    turn.prompt = "Why?";
    turn.asked_at = 1;
    return turn;
  }
  [[nodiscard]] Turn kept(const TurnId& id) const {
    return Store(path_, Database::Open::existing).find_turn(id).value_or(Turn{});
  }

 private:
  static std::filesystem::path make_directory() {
    std::string name = testing::TempDir() + "recorder-XXXXXX";
    return mkdtemp(name.data());
  }
  std::filesystem::path directory_ = make_directory();

 protected:
  std::filesystem::path path_ = directory_ / "history.db";
};

TEST_F(RecorderTest, everything_before_the_end_is_written_at_the_end) {
  Recorder recorder(path_);
  recorder.begin(question());
  recorder.append("Be");
  recorder.append("cause");
  const auto id = recorder.end({.status = "succeeded", .error = {}, .ended_at = 2});
  ASSERT_TRUE(id);
  EXPECT_EQ(kept(*id).output, "Because");
  EXPECT_EQ(kept(*id).status, "succeeded");
  EXPECT_FALSE(recorder.take_failure());

  recorder.begin(question());
  const auto second = recorder.end({.status = "failed", .error = "x", .ended_at = 2});
  ASSERT_TRUE(second);
  EXPECT_EQ(kept(*second).output, "");
}

TEST_F(RecorderTest, an_unfinished_turn_is_written_by_the_destructor) {
  {
    Recorder recorder(path_);
    recorder.begin(question());
    recorder.append("Be");
  }
  EXPECT_EQ(kept({1, 1}).output, "Be");
  EXPECT_EQ(kept({1, 1}).status, "running");
}

TEST_F(RecorderTest, an_unusable_history_is_reported_on_request) {
  std::ofstream(path_) << "this is no database, and long enough to be looked at as one";
  Recorder recorder(path_);
  recorder.begin(question());
  recorder.append("Be");
  EXPECT_FALSE(recorder.end({.status = "succeeded", .error = {}, .ended_at = 2}));
  EXPECT_TRUE(recorder.take_failure());
  EXPECT_FALSE(recorder.take_failure());
}

TEST_F(RecorderTest, recording_nothing_creates_nothing) {
  { Recorder recorder(path_); }
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(RecorderTest, the_current_turn_can_be_changed) {
  std::optional<TurnId> id;
  {
    Recorder recorder(path_);
    recorder.begin(question());
    recorder.append("x");
    id = recorder.end({.status = "succeeded", .error = {}, .ended_at = 2});
    ASSERT_TRUE(id);
    recorder.go_to({id->conversation, 0});
  }
  EXPECT_EQ(Store(path_, Database::Open::existing).find(id->conversation)->current, 0);
}

// Otherwise each program would read a long log first.
TEST_F(RecorderTest, the_log_of_many_answers_stays_short) {
  constexpr int kAnswers = 30;
  for (int i = 0; i < kAnswers; ++i) {
    Recorder recorder(path_);
    recorder.begin(question());
    const auto is_recorded = [&] {
      return std::filesystem::exists(path_) &&
             Store(path_, Database::Open::existing).list({}).size() > static_cast<std::size_t>(i);
    };
    while (!is_recorded()) std::this_thread::yield();
    recorder.append("x");
    EXPECT_TRUE(recorder.end({.status = "succeeded", .error = {}, .ended_at = 2}));
  }
  constexpr std::uintmax_t kPage = 4096 + 24;
  EXPECT_LT(std::filesystem::file_size(path_.string() + "-wal"), 100 * kPage);
}

}  // namespace
}  // namespace rellama::history

#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "cog/run.hpp"
#include "cog/scripted_container.hpp"
#include "rellama/cog.hpp"
#include "rellama/error.hpp"
#include "support/scripted_tasks.hpp"

namespace rellama::test {

/// What the scripted runs write, and what a sink then gets.
inline const std::vector<std::string> kPieces{"one ", "two ",          "two ",
                                              "",     "d\xC3\xB6rei ", "\xF0\x9F\x99\x82"};
inline constexpr const char* kText = "one two two d\xC3\xB6rei \xF0\x9F\x99\x82";
inline const std::vector<std::string> kEvents{"created", "processing", "output", "done"};

/// Runs in a container, driven without sockets.
class CogRun : public testing::Test {
 protected:
  // Performs one run, from the start to the end.
  void run(ScriptedContainer container) {
    container_ = std::move(container);
    sink_ = ContainerSink();
    sink_.broken = broken_;
    sink_.error = Error(ErrorKind::output_closed, {.failed = "the output was closed"});
    tasks_.emplace([this](const ScriptedRequest& request) { return container_.answer(request); });
    tasks_->split(split_);
    tasks_->stop_at(stop_at_, ErrorKind::interrupted);
    cog::Run task(connection_, {{"prompt", std::string("Hi")}}, delivery_, sink_);
    tasks_->start(task);
    tasks_->run();
    error_ = tasks_->error_of(task);
    final_ = error_ ? std::nullopt : std::optional(task.take());
  }

  // The run has ended well, and every text was shown once.
  void expect_answer(const std::string& what) const {
    ASSERT_TRUE(final_) << what << ": " << (error_ ? error_->what() : "");
    EXPECT_EQ(final_->status, Status::succeeded) << what;
    EXPECT_EQ(final_->output.text(), kText) << what;
    EXPECT_EQ(sink_.text, kText) << what;
    EXPECT_EQ(sink_.events, kEvents) << what;
    EXPECT_EQ(container_.cancels.used(), 0U) << what;
    expect_one_id(what);
  }

  // The run was canceled, once and last, and then ended with an error of this kind.
  void expect_canceled(ErrorKind kind, const std::string& what) const {
    ASSERT_TRUE(error_) << what;
    EXPECT_EQ(error_->kind(), kind) << what << ": " << error_->what();
    EXPECT_EQ(container_.cancels.used(), 1U) << what;
    EXPECT_TRUE(tasks_->lines().back().ends_with("/cancel")) << what;
    expect_one_id(what);
  }

  // Whatever was sent again was for the same run.
  void expect_one_id(const std::string& what) const {
    std::set<std::string> bodies;
    for (const auto& sent : tasks_->requests()) {
      if (!sent.request.body.empty()) bodies.insert(sent.request.body);
    }
    EXPECT_EQ(bodies.size(), 1U) << what;
  }

  CogOptions options_ = {};
  cog::Connection connection_{options_};
  Delivery delivery_ = Delivery::stream;
  std::size_t split_ = 1'000'000;
  std::size_t stop_at_ = 1'000'000;
  std::string broken_ = {};

  ScriptedContainer container_{.runs = {{refused()}}};
  ContainerSink sink_;
  std::optional<ScriptedTasks> tasks_;
  std::optional<Error> error_;
  std::optional<Prediction> final_;
};

}  // namespace rellama::test

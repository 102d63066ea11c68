// One prompt with the model in a container, driven without sockets; and several over sockets.

#include <gtest/gtest.h>

#include <memory>

#include "cog/scripted_container.hpp"
#include "emulator/emulator.hpp"
#include "generate/cog_run.hpp"
#include "http/runner.hpp"
#include "rellama/cog.hpp"
#include "rellama/error.hpp"
#include "support/expect_error.hpp"

namespace rellama::test {
namespace {

using End = ScriptedAnswer::End;

const std::vector<std::string> kGeneratedPieces{"one ", "two"};
constexpr const char* kGenerated = "one two";

// A model with an input that has another name elsewhere.
const ScriptedAnswer kSchema =
    json_answer(200, R"({"components":{"schemas":{"Input":{"type":"object",
  "properties":{"prompt":{"type":"string"},"max_gen_len":{"type":"integer","maximum":50}}}}}})");

class CogGenerate : public testing::Test {
 protected:
  void ask(ScriptedContainer container) {
    container_ = std::move(container);
    sink_ = ContainerSink();
    tasks_.emplace([this](const ScriptedRequest& request) { return container_.answer(request); });
    tasks_->stop_at(stop_at_, ErrorKind::interrupted);
    const auto task = make_cog_run(connection_, request_, sink_);
    tasks_->perform(*task);
    EXPECT_EQ(task->created().id.value, sink_.id);
    final_.reset();
    error_.reset();
    try {
      final_ = task->take();
    } catch (const Error& error) {
      error_ = error;
    }
  }

  void expect_answer(const std::string& what) const {
    ASSERT_TRUE(final_) << what << ": " << (error_ ? error_->what() : "");
    EXPECT_EQ(final_->output.text(), kGenerated) << what;
    EXPECT_EQ(sink_.text, kGenerated) << what;
  }
  [[nodiscard]] const std::string& sent() const { return tasks_->requests().back().request.body; }

  cog::Connection connection_{{}};
  GenerateRequest request_{.prompt = "Hi", .parameters = {.max_new_tokens = 9}};
  std::size_t stop_at_ = 1'000'000;

  ScriptedContainer container_{.runs = {{refused()}}};
  ContainerSink sink_;
  std::optional<ScriptedTasks> tasks_;
  std::optional<Error> error_;
  std::optional<Prediction> final_;
};

TEST_F(CogGenerate, a_schema_that_is_cut_at_any_byte_is_fetched_again) {
  for (const End how : {End::broken, End::silent}) {
    for (std::size_t kept = 0; kept < kSchema.body_size(); ++kept) {
      ask({.runs = {{stream_of(kGeneratedPieces)}},
           .schemas = {{kSchema.cut(kept, how), kSchema}}});
      expect_answer(std::to_string(kept));
      EXPECT_EQ(container_.schemas.used(), 2U) << kept;
      EXPECT_TRUE(holds(sent(), R"("max_gen_len":9)"));
    }
  }
}

TEST_F(CogGenerate, a_container_without_a_schema_gets_the_usual_input) {
  const ScriptedAnswer not_found = json_answer(404, "");
  for (const ScriptedAnswer& answer :
       {not_found, json_answer(500, ""), not_found.without_head(End::broken), refused(),
        kSchema.cut(40, End::complete)}) {
    ask({.runs = {{stream_of(kGeneratedPieces)}}, .schemas = {{answer}}});
    expect_answer("");
    EXPECT_TRUE(holds(sent(), R"("max_new_tokens":9)"));
  }
}

TEST_F(CogGenerate, without_validation_no_schema_is_fetched) {
  request_.validation = Validation::none;
  ask({.runs = {{stream_of(kGeneratedPieces)}}});
  expect_answer("");
  EXPECT_EQ(container_.schemas.used(), 0U);
}

TEST_F(CogGenerate, input_that_the_schema_forbids_is_not_sent) {
  request_.parameters.max_new_tokens = 77;
  ask({.runs = {{stream_of(kGeneratedPieces)}}, .schemas = {{kSchema}}});
  ASSERT_TRUE(error_);
  EXPECT_EQ(error_->kind(), ErrorKind::invalid_input);
  EXPECT_EQ(container_.runs.used(), 0U);
}

TEST_F(CogGenerate, the_fit_of_a_conversation_is_reported_first) {
  request_.conversation = true;
  ask({.runs = {{stream_of(kGeneratedPieces)}}});
  expect_answer("");
  EXPECT_EQ(sink_.events,
            (std::vector<std::string>{"fit", "created", "processing", "output", "done"}));
}

TEST_F(CogGenerate, a_stop_at_any_event_ends_the_task_with_its_reason) {
  const ScriptedContainer container{.runs = {{json_answer(409, ""), stream_of(kGeneratedPieces)}},
                                    .schemas = {{kSchema.cut(9, End::broken), kSchema}}};
  ask(container);
  expect_answer("no stop");
  const std::size_t events = tasks_->events();
  for (stop_at_ = 0; stop_at_ < events; ++stop_at_) {
    ask(container);
    ASSERT_TRUE(error_) << stop_at_;
    EXPECT_EQ(error_->kind(), ErrorKind::interrupted) << stop_at_;
    EXPECT_EQ(container_.cancels.used(), container_.runs.used() > 0 ? 1U : 0U) << stop_at_;
  }
}

TEST(CogRunner, prompts_that_are_asked_at_once_take_their_turns) {
  emulator::EmulatorOptions options;
  options.dialect = emulator::DialectName::cog;
  options.container_model = "rellama-demo/echo";
  emulator::Emulator emulator(options);
  emulator.start();
  CogOptions container;
  container.base_url = emulator.base_url();
  container.backoff = std::chrono::milliseconds(1);
  CogClient client(container);
  cog::Connection& connection = cog::connection_of(client);

  constexpr std::size_t kPrompts = 20;
  std::vector<GenerateRequest> requests(kPrompts);
  std::vector<ContainerSink> sinks(kPrompts);
  std::vector<std::unique_ptr<RunTask>> tasks;
  http::Runner runner(connection.loop());
  for (std::size_t i = 0; i < kPrompts; ++i) {
    requests[i].prompt = "prompt " + std::to_string(i);
    tasks.push_back(make_cog_run(connection, requests[i], sinks[i]));
    runner.start(*tasks.back(), {});
  }
  while (runner.size() > 0) {
    runner.turn(http::Step::kNever);
    while (runner.take_done() != nullptr) {
    }
  }
  for (std::size_t i = 0; i < kPrompts; ++i) {
    EXPECT_EQ(tasks[i]->take().output.text(), requests[i].prompt);
    EXPECT_EQ(sinks[i].text, requests[i].prompt);
  }
}

}  // namespace
}  // namespace rellama::test

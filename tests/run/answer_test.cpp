// One answer, from a scripted backend to stdout, stderr, the history and the file of -O.

#include "run/answer.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "history/store.hpp"
#include "support/buffer_streams.hpp"
#include "support/expect_error.hpp"
#include "support/scratch_context.hpp"

namespace rellama::program {
namespace {

Prediction prediction_in(Status status, const std::string& text = {}) {
  Prediction prediction;
  prediction.id = {"p1"};
  prediction.status = status;
  prediction.get_url = "https://api.replicate.com/v1/predictions/p1";
  if (!text.empty()) prediction.output.append(text);
  return prediction;
}

/// Answers every prompt by running a script.
class ScriptedBackend final : public Backend {
 public:
  using Script = std::function<Prediction(EventSink&)>;

  explicit ScriptedBackend(Script script = {}, bool has_models = true)
      : script_(std::move(script)), has_models_(has_models) {}

  [[nodiscard]] std::string name(const GenerateRequest& /*request*/) const override { return "it"; }
  [[nodiscard]] bool has_models() const noexcept override { return has_models_; }
  [[nodiscard]] PreparedRequest prepare(const GenerateRequest& /*request*/) const override {
    return {};
  }
  void authenticate() override {}
  void check(const GenerateRequest& /*request*/, const StopToken& /*stop*/) override {}
  [[nodiscard]] std::vector<std::string> find_secrets(const GenerateRequest& /*request*/,
                                                      const StopToken& /*stop*/) override {
    return {};
  }
  Prediction ask(const GenerateRequest& /*request*/, EventSink& sink,
                 const StopToken& /*stop*/) override {
    return script_(sink);
  }
  void cancel(const Prediction& /*prediction*/, const StopToken& /*stop*/) override {
    ADD_FAILURE() << "the backend cancels its own runs";
  }
  void download(const std::string& /*url*/, FileSink& /*sink*/, const DownloadOptions& /*options*/,
                const StopToken& /*stop*/) override {
    ADD_FAILURE() << "there are no files";
  }

 private:
  Script script_;
  bool has_models_;
};

/// Notes each event and what had been printed by then.
class Observer final : public EventSink {
 public:
  explicit Observer(const tests::BufferOutput& out) : out_(out) {}

  void created(const Prediction& /*prediction*/) override { note("created"); }
  void output(std::string_view text) override { note("output " + std::string(text)); }
  void flush() override { note("flush"); }
  void done(const Prediction& /*prediction*/) override { note("done"); }

  [[nodiscard]] const std::vector<std::string>& notes() const noexcept { return notes_; }

 private:
  void note(const std::string& event) { notes_.push_back(event + " <" + out_.text() + ">"); }

  const tests::BufferOutput& out_;
  std::vector<std::string> notes_;
};

class Answer : public test::ScratchContext {
 protected:
  int ask(const ScriptedBackend::Script& script, EventSink* observer = nullptr) {
    ScriptedBackend backend(script);
    LogRelay log;
    Recording recording(true, Recording::Warnings::shown, context_);
    GenerateRequest request;
    request.prompt = "Why is the sky blue?";
    history::NewTurn turn;
    turn.model = "meta/llama-2-70b-chat";
    turn.prompt = request.prompt;
    return ask_and_show({output_, backend, log, recording, context_}, request, std::move(turn), {},
                        observer);
  }

  /// The only turn in the history.
  [[nodiscard]] history::Turn recorded() const {
    history::Store store(at("rellama/history.db"), history::Database::Open::existing);
    auto turns = store.turns(1);
    EXPECT_EQ(turns.size(), 1U);
    return turns.empty() ? history::Turn{} : turns.front();
  }

  OutputOptions output_;
};

// "Scattering." in two parts, with metrics.
Prediction answer_in_parts(EventSink& sink) {
  sink.created(prediction_in(Status::starting));
  sink.output("Scat");
  sink.flush();
  sink.output("tering.");
  Prediction last = prediction_in(Status::succeeded, "Scattering.");
  last.input.text = R"({"max_new_tokens": 3})";
  last.metrics.text = R"({"input_token_count": 8, "output_token_count": 3})";
  sink.done(last);
  return last;
}

Prediction answer_cut_short(EventSink& sink) {
  sink.created(prediction_in(Status::starting));
  sink.output("Scat");
  throw Error(ErrorKind::incomplete, {.failed = "the stream was cut", .prediction_id = "p1"});
}

Prediction answer_that_fails(EventSink& sink) {
  sink.created(prediction_in(Status::starting));
  Prediction last = prediction_in(Status::failed);
  last.error = "out of memory";
  sink.done(last);
  return last;
}

TEST_F(Answer, the_observer_gets_each_event_before_it_is_printed) {
  Observer observer(out_);
  EXPECT_EQ(ask(answer_in_parts, &observer), 0);
  EXPECT_EQ(observer.notes(), (std::vector<std::string>{"created <>", "output Scat <>", "flush <>",
                                                        "output tering. <Scat>", "done <Scat>"}));
  EXPECT_EQ(out_.text(), "Scattering.\n");
}

TEST_F(Answer, the_history_holds_what_was_printed_and_the_token_counts) {
  EXPECT_EQ(ask(answer_in_parts), 0);
  const history::Turn turn = recorded();
  EXPECT_EQ(turn.prompt, "Why is the sky blue?");
  EXPECT_EQ(turn.output, "Scattering.");
  EXPECT_EQ(turn.status, "succeeded");
  EXPECT_EQ(turn.prediction, "p1");
  EXPECT_EQ(turn.input_tokens, 8);
  EXPECT_EQ(turn.output_tokens, 3);
}

TEST_F(Answer, an_error_after_part_of_an_answer_prints_that_part_and_records_it_as_cut) {
  const Error error = test::error_of([this] { ask(answer_cut_short); });
  EXPECT_EQ(error.kind(), ErrorKind::incomplete);
  EXPECT_EQ(out_.text(), "Scat\n");
  const history::Turn turn = recorded();
  EXPECT_EQ(turn.status, "cut");
  EXPECT_EQ(turn.output, "Scat");
  EXPECT_TRUE(test::holds(turn.error, "the stream was cut"));
}

TEST_F(Answer, an_error_after_part_of_an_answer_keeps_that_part_next_to_the_file) {
  output_.saves = true;
  output_.save_path = at("answer.txt").string();
  EXPECT_EQ(test::error_of([this] { ask(answer_cut_short); }).kind(), ErrorKind::incomplete);
  EXPECT_EQ(out_.text(), "");
  EXPECT_EQ(read("answer.txt"), "(none)");
  EXPECT_EQ(read("answer.txt.part"), "Scat\n");
}

TEST_F(Answer, an_error_before_the_run_started_records_nothing) {
  const Error refused(ErrorKind::unauthorized, {.failed = "the token was refused"});
  const Error error =
      test::error_of([&] { ask([&](EventSink&) -> Prediction { throw refused; }); });
  EXPECT_EQ(error.kind(), ErrorKind::unauthorized);
  EXPECT_EQ(out_.text(), "");
  EXPECT_FALSE(names().contains("rellama"));
}

TEST_F(Answer, a_closed_pipe_ends_the_run_and_is_recorded_as_cut) {
  Observer observer(out_);
  out_.fail_with(ErrorKind::output_closed);
  const Error error = test::error_of([&] { ask(answer_in_parts, &observer); });
  EXPECT_EQ(error.kind(), ErrorKind::output_closed);
  EXPECT_EQ(observer.notes().back(), "flush <>");
  EXPECT_EQ(recorded().status, "cut");
}

TEST_F(Answer, a_failed_prediction_is_reported_and_recorded_as_failed) {
  EXPECT_EQ(ask(answer_that_fails), traits(ErrorKind::prediction_failed).exit_code);
  EXPECT_EQ(out_.text(), "");
  EXPECT_TRUE(test::holds(err_.text(), "out of memory"));
  EXPECT_EQ(recorded().status, "failed");
}

TEST_F(Answer, an_answer_that_used_up_its_token_limit_is_followed_by_a_warning) {
  EXPECT_EQ(ask(answer_in_parts), 0);
  EXPECT_TRUE(test::holds(err_.text(), "limit of 3 tokens"));
}

TEST_F(Answer, quiet_prints_nothing_to_stderr_after_a_success) {
  output_.quiet = true;
  output_.usage = true;
  EXPECT_EQ(ask(answer_in_parts), 0);
  EXPECT_EQ(err_.text(), "");
}

TEST_F(Answer, usage_comes_after_the_answer_on_stderr) {
  output_.usage = true;
  EXPECT_EQ(ask(answer_in_parts), 0);
  EXPECT_TRUE(test::holds(err_.text(), "rellama: 8 tokens in, 3 out\n"));
  EXPECT_EQ(out_.text(), "Scattering.\n");
}

TEST_F(Answer, extract_fails_if_the_answer_has_no_code_block) {
  output_.extract = true;
  const Error error = test::error_of([this] { ask(answer_in_parts); });
  EXPECT_EQ(error.parts().failed, "nothing to extract");
  EXPECT_EQ(recorded().status, "succeeded");
}

GenerateRequest request_for(ModelRef model) {
  GenerateRequest request;
  request.model = std::move(model);
  request.prompt = "Hi";
  return request;
}

TEST(PromptOf, json_repeats_the_model_that_was_asked_for) {
  const ModelName llama{"meta", "llama-2-7b-chat"};
  const ScriptedBackend replicate;
  EXPECT_EQ(prompt_of(request_for(llama), replicate).model, "meta/llama-2-7b-chat");
  EXPECT_EQ(prompt_of(request_for(llama), replicate).prompt, "Hi");
  const ModelVersion version{.id = std::string(64, 'a'), .model = llama};
  EXPECT_EQ(prompt_of(request_for(version), replicate).model, "meta/llama-2-7b-chat");
}

TEST(PromptOf, a_version_without_a_model_leaves_the_name_to_the_prediction) {
  const ModelVersion version{.id = std::string(64, 'a'), .model = {}};
  EXPECT_EQ(prompt_of(request_for(version), ScriptedBackend()).model, "");
}

TEST(PromptOf, a_container_has_no_model_name) {
  const ScriptedBackend container({}, /*has_models=*/false);
  const auto prompt = prompt_of(request_for(ModelName{"meta", "llama-2-7b-chat"}), container);
  EXPECT_EQ(prompt.model, "");
  EXPECT_EQ(prompt.prompt, "Hi");
}

}  // namespace
}  // namespace rellama::program

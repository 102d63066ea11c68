// CogClient with an emulated container, over sockets.

#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <thread>

#include "emulator/emulator.hpp"
#include "rellama/cog.hpp"
#include "rellama/error.hpp"

namespace rellama {
namespace {

using std::chrono::milliseconds;

// Records the events of a run.
class Recorder final : public EventSink {
 public:
  void created(const Prediction& prediction) override { id = prediction.id.value; }
  void output(std::string_view piece) override {
    text += piece;
    if (on_output) on_output();
  }
  void done(const Prediction& prediction) override { final = prediction; }

  std::string id;
  std::string text;
  std::optional<Prediction> final;
  std::function<void()> on_output;
};

class Cog : public testing::Test {
 protected:
  Cog() { start({}); }

  void start(emulator::EmulatorOptions options, const std::string& model = "rellama-demo/echo") {
    options.dialect = emulator::DialectName::cog;
    options.container_model = model;
    emulator_ = std::make_unique<emulator::Emulator>(options);
    emulator_->start();
  }
  void start_with(std::vector<std::string> faults) {
    emulator::EmulatorOptions options;
    options.faults = std::move(faults);
    start(options);
  }

  [[nodiscard]] CogClient client() const {
    CogOptions options;
    options.base_url = emulator_->base_url();
    options.backoff = milliseconds(1);
    return CogClient(options);
  }
  Prediction ask(const std::string& prompt, const StopToken& stop = {}) {
    CogClient with = client();
    GenerateRequest request;
    request.prompt = prompt;
    request.delivery = delivery_;
    request.parameters = parameters_;
    return generate(with, request, sink_, stop);
  }
  [[nodiscard]] ErrorKind error_kind_of(const std::string& prompt) {
    try {
      (void)ask(prompt);
    } catch (const Error& error) {
      message_ = error.what();
      return error.kind();
    }
    ADD_FAILURE() << "no error";
    return ErrorKind::internal;
  }
  [[nodiscard]] std::size_t count(const std::string& method, const std::string& end = {}) const {
    std::size_t count = 0;
    for (const auto& request : emulator_->requests()) {
      if (request.method == method && request.path.ends_with(end)) ++count;
    }
    return count;
  }

  std::unique_ptr<emulator::Emulator> emulator_;
  Recorder sink_;
  Delivery delivery_ = Delivery::stream;
  GenerationParameters parameters_;
  std::string message_;
};

constexpr const char* kPrompt = "one two three four five six seven eight nine ten, ä€🙂";

TEST_F(Cog, a_streamed_answer_arrives_in_one_request) {
  const Prediction prediction = ask(kPrompt);
  EXPECT_EQ(prediction.status, Status::succeeded);
  EXPECT_EQ(prediction.output.text(), kPrompt);
  EXPECT_EQ(sink_.text, kPrompt);
  EXPECT_EQ(count("PUT"), 1U);
  EXPECT_EQ(count("PUT", sink_.id), 1U);
  EXPECT_EQ(sink_.id.size(), 26U);
}

TEST_F(Cog, no_request_has_a_token) {
  (void)ask(kPrompt);
  for (const auto& request : emulator_->requests())
    EXPECT_FALSE(request.authorized) << request.path;
}

TEST_F(Cog, a_model_without_an_event_stream_returns_the_final_object) {
  emulator::EmulatorOptions options;
  options.event_streams = false;
  start(options);
  EXPECT_EQ(ask(kPrompt).output.text(), kPrompt);
  EXPECT_EQ(sink_.text, kPrompt);
  EXPECT_EQ(count("PUT"), 2U) << "406, then without";
}

TEST_F(Cog, polling_requests_no_event_stream) {
  delivery_ = Delivery::poll;
  EXPECT_EQ(ask(kPrompt).output.text(), kPrompt);
  EXPECT_EQ(emulator_->requests().back().header("Accept"), "application/json");
}

TEST_F(Cog, an_older_container_gets_a_post) {
  start_with({"create:404*1"});
  EXPECT_EQ(ask(kPrompt).output.text(), kPrompt);
  EXPECT_EQ(count("POST", "/predictions"), 1U);
}

TEST_F(Cog, a_stream_that_breaks_anywhere_continues_without_losing_or_repeating_text) {
  for (const char* how : {"cut", "end"}) {
    for (int after = 0; after <= 24; ++after) {
      start_with({"stream:" + std::string(how) + "@" + std::to_string(after) + "*2"});
      sink_ = {};
      EXPECT_EQ(ask(kPrompt).output.text(), kPrompt) << how << after;
      EXPECT_EQ(sink_.text, kPrompt) << how << after;
    }
  }
}

TEST_F(Cog, output_missed_by_a_slow_reader_comes_from_the_final_object) {
  for (int after = 0; after <= 12; ++after) {
    start_with({"stream:error@" + std::to_string(after)});
    sink_ = {};
    EXPECT_EQ(ask(kPrompt).output.text(), kPrompt) << after;
    EXPECT_EQ(sink_.text, kPrompt) << after;
  }
}

TEST_F(Cog, a_stream_that_keeps_breaking_is_an_error) {
  start_with({"stream:cut@3"});
  EXPECT_EQ(error_kind_of(kPrompt), ErrorKind::incomplete);
  EXPECT_EQ(count("PUT"), 4U) << "once and three retries";
}

TEST_F(Cog, a_container_at_capacity_is_waited_for) {
  start_with({"create:409*3"});
  EXPECT_EQ(ask(kPrompt).output.text(), kPrompt);
  EXPECT_EQ(count("PUT"), 4U);
}

TEST_F(Cog, a_container_that_is_starting_is_waited_for) {
  emulator::EmulatorOptions options;
  options.cold_boot = milliseconds(500);
  start(options);
  EXPECT_EQ(ask(kPrompt).output.text(), kPrompt);
  EXPECT_GE(count("GET", "/health-check"), 1U);
}

TEST_F(Cog, a_container_that_is_not_listening_yet_is_retried) {
  CogOptions options;
  options.base_url = emulator_->base_url();
  options.backoff = milliseconds(1);
  options.retries = 1;
  emulator_.reset();
  CogClient nobody(options);
  GenerateRequest request;
  request.prompt = kPrompt;
  try {
    (void)generate(nobody, request, sink_);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::network);
  }
}

TEST_F(Cog, a_failed_setup_is_not_waited_for) {
  start_with({"setup:failed"});
  EXPECT_EQ(error_kind_of(kPrompt), ErrorKind::server);
  EXPECT_NE(message_.find("SETUP_FAILED"), std::string::npos) << message_;
  EXPECT_NE(message_.find("no weights found"), std::string::npos);
  EXPECT_EQ(count("PUT"), 1U);
}

TEST_F(Cog, waiting_for_a_busy_container_times_out) {
  start_with({"create:409"});
  CogOptions options;
  options.base_url = emulator_->base_url();
  options.backoff = milliseconds(1);
  options.patience = milliseconds(0);
  CogClient impatient(options);
  GenerateRequest request;
  request.prompt = kPrompt;
  try {
    (void)generate(impatient, request, sink_);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::rate_limited);
  }
}

TEST_F(Cog, input_that_violates_the_schema_is_not_sent) {
  start({}, "meta/llama-2-7b-chat");
  parameters_.temperature = 77;
  EXPECT_EQ(error_kind_of("Hi"), ErrorKind::invalid_input);
  EXPECT_NE(message_.find("temperature cannot be 77"), std::string::npos) << message_;
  EXPECT_EQ(count("PUT"), 0U);
}

TEST_F(Cog, parameters_are_sent_under_the_models_names) {
  start({}, "replicate/llama-7b");
  parameters_.max_new_tokens = 9;
  (void)ask("Hi");
  const std::string body = emulator_->requests().back().body;
  EXPECT_NE(body.find("\"max_gen_len\":9"), std::string::npos) << body;
}

TEST_F(Cog, a_rejection_by_the_container_names_the_field) {
  CogClient with = client();
  const Input input{{"prompt", std::int64_t{7}}};
  try {
    (void)with.run(input, Delivery::stream, sink_);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::invalid_input);
    EXPECT_NE(std::string(error.what()).find("prompt: Invalid type"), std::string::npos)
        << error.what();
  }
}

TEST_F(Cog, a_failed_prediction_is_returned_with_its_partial_output) {
  start_with({"predict:failed@3"});
  const Prediction prediction = ask(kPrompt);
  EXPECT_EQ(prediction.status, Status::failed);
  EXPECT_NE(prediction.error, "");
  EXPECT_EQ(sink_.text, prediction.output.text());
}

TEST_F(Cog, a_stop_cancels_the_run) {
  emulator::EmulatorOptions options;
  options.token_rate = 20;
  start(options);
  StopSource stop;
  sink_.on_output = [&stop] { stop.request(ErrorKind::interrupted); };
  try {
    (void)ask(kPrompt, stop.token());
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::interrupted);
  }
  EXPECT_EQ(count("POST", "/cancel"), 1U);
}

TEST_F(Cog, health_and_schema_are_parsed) {
  CogClient with = client();
  EXPECT_EQ(with.health().state, CogHealth::State::ready);
  EXPECT_NE(with.schema().text.find("\"Input\""), std::string::npos);
}

TEST_F(Cog, output_that_is_not_text_is_json) {
  start({}, "rellama-demo/classifier");
  CogClient with = client();
  const Prediction prediction = with.run({{"text", std::string("good")}}, Delivery::stream, sink_);
  EXPECT_NE(prediction.output.json().find("label"), std::string::npos);
  EXPECT_EQ(sink_.text, "");
}

TEST_F(Cog, invalid_base_urls_are_rejected) {
  for (const char* url : {"", "localhost:5000", "ftp://localhost", "http://example.com",
                          "http://u:p@localhost:5000", "http://localhost:5000/?x=1"}) {
    CogOptions options;
    options.base_url = url;
    EXPECT_THROW(CogClient{options}, Error) << url;
  }
}

}  // namespace
}  // namespace rellama

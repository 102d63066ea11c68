#include <chrono>

#include "emulator_fixture.hpp"

namespace rellama::emulator::test {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

class EmulatorCreate : public EmulatorTest {};

TEST_F(EmulatorCreate, creating_returns_201_with_a_prediction_that_is_starting) {
  start();
  const Answer answer = run_version(kPinned, {{"prompt", "Hello"}});
  ASSERT_EQ(answer.status, 201);
  EXPECT_EQ(answer.header("Content-Type"), "application/json");
  EXPECT_EQ(answer.header("ratelimit-remaining"), "599");
  const json prediction = answer.json();
  EXPECT_EQ(prediction["status"], "starting");
  EXPECT_EQ(prediction["output"], nullptr);
  EXPECT_EQ(prediction["logs"], "");
  EXPECT_EQ(prediction["id"].get<std::string>().size(), 26U);
  EXPECT_EQ(prediction["version"], kPinned);
  EXPECT_EQ(prediction["input"], (json{{"prompt", "Hello"}}));
  EXPECT_FALSE(prediction.contains("metrics"));
  EXPECT_FALSE(prediction.contains("completed_at"));
}

TEST_F(EmulatorCreate, a_finished_prediction_has_output_metrics_and_times) {
  start();
  const json prediction = fetch(run_version(kPinned, {{"prompt", "Why is the sky blue?"}}).json());
  EXPECT_EQ(prediction["status"], "succeeded");
  EXPECT_TRUE(text_of(prediction["output"]).starts_with("The sky is blue because"));
  EXPECT_EQ(prediction["output"].size(), 129U) << "an empty chunk and the default of 128 tokens";
  EXPECT_EQ(prediction["metrics"]["output_token_count"], 129);
  for (const char* name : {"predict_time", "total_time", "input_token_count", "tokens_per_second",
                           "time_to_first_token"}) {
    EXPECT_TRUE(prediction["metrics"].contains(name)) << name;
  }
  EXPECT_TRUE(prediction["completed_at"].get<std::string>().ends_with("Z"));
}

TEST_F(EmulatorCreate, the_logs_contain_the_prompt_as_the_model_saw_it) {
  start();
  EXPECT_EQ(
      seen(fetch(run_version(kPinned, {{"prompt", "Tell me"}, {"system_prompt", "S"}}).json())),
      "[INST] <<SYS>>\nS\n<</SYS>>\n\nell me [/INST]");
  EXPECT_EQ(
      seen(fetch(
          ask("meta/llama-2-70b-chat", {{"prompt", "Tell me"}, {"system_prompt", "S"}}).json())),
      "<s>[INST] <<SYS>>\nS\n<</SYS>>\n\nTell me [/INST]");
  EXPECT_EQ(seen(fetch(ask("meta/llama-2-7b", {{"prompt", "Tell me"}}).json())), "Tell me");
}

TEST_F(EmulatorCreate, the_same_prompt_gets_the_same_answer) {
  start();
  const json input = {{"prompt", "Something nobody has thought of"}};
  const json first = fetch(ask("meta/llama-2-13b-chat", input).json());
  const json second = fetch(ask("meta/llama-2-13b-chat", input).json());
  EXPECT_EQ(first["output"], second["output"]);
  EXPECT_NE(first["id"], second["id"]);
  EXPECT_GE(first["output"].size(), 150U);
}

TEST_F(EmulatorCreate, an_echo_returns_exactly_the_prompt) {
  start();
  std::string prompt = "  [INST] Hällo 🦙\r\n\n{x} [/INST]\n";
  while (prompt.size() < 10'000) prompt += prompt;
  const json prediction =
      fetch(ask("rellama-demo/echo", {{"prompt", prompt}, {"prompt_template", "{prompt}"}}).json());
  EXPECT_EQ(text_of(prediction["output"]), prompt);
  const json bytes = fetch(ask("rellama-demo/echo-bytes", {{"prompt", prompt}}).json());
  EXPECT_EQ(text_of(bytes["output"]), prompt);
}

TEST_F(EmulatorCreate, each_build_refuses_inputs_that_it_does_not_list) {
  start();
  const Answer answer = run_version(kPinned, {{"prompt", "x"}, {"prompt_template", "{prompt}"}});
  EXPECT_EQ(answer.status, 422);
  EXPECT_EQ(answer.header("Content-Type"), "application/problem+json");
  EXPECT_EQ(answer.json()["title"], "Input validation failed");
  EXPECT_EQ(answer.json()["invalid_fields"][0]["type"], "additional_property_not_allowed");
  EXPECT_EQ(answer.json()["invalid_fields"][0]["field"], "input");
  EXPECT_EQ(ask("meta/llama-2-70b-chat", {{"prompt", "x"}, {"debug", true}}).status, 422);
  EXPECT_EQ(ask("meta/llama-2-70b", {{"prompt", "x"}, {"system_prompt", "y"}}).status, 422);
}

TEST_F(EmulatorCreate, temperature_zero_is_refused_by_the_pinned_version_only) {
  start();
  const json input = {{"prompt", "x"}, {"temperature", 0}};
  const Answer answer = run_version(kPinned, input);
  EXPECT_EQ(answer.status, 422);
  EXPECT_EQ(answer.json()["detail"],
            "- input.temperature: Must be greater than or equal to 0.01\n");
  EXPECT_EQ(ask("meta/llama-2-70b-chat", input).status, 201);
  EXPECT_EQ(ask("meta/llama-2-70b-chat", {{"prompt", "x"}, {"temperature", 5.1}}).json()["detail"],
            "- input.temperature: Must be less than or equal to 5\n");
}

TEST_F(EmulatorCreate, errors_name_inputs_that_are_missing_or_have_the_wrong_type_or_choice) {
  start();
  const std::string storyteller =
      "90a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f";
  const json body =
      run_version(storyteller, {{"seed", "x"}, {"max_length", 1.5}, {"tone", "sad"}}).json();
  std::vector<std::string> found;
  for (const json& field : body["invalid_fields"]) {
    found.push_back(field["field"].get<std::string>() + " " + field["type"].get<std::string>());
  }
  EXPECT_EQ(found, (std::vector<std::string>{"input required", "input.max_length invalid_type",
                                             "input.tone enum", "input.seed invalid_type"}));
  EXPECT_EQ(ask("meta/llama-2-7b-chat", {{"prompt", nullptr}}).status, 422);
}

TEST_F(EmulatorCreate, the_body_of_a_create_request_is_checked) {
  start();
  const Answer answer = post("/v1/predictions", {{"input", json::object()}, {"model", "x"}});
  EXPECT_EQ(answer.status, 422);
  EXPECT_EQ(answer.json()["detail"],
            "- version is required\n- Additional property model is not allowed\n");
  EXPECT_EQ(post("/v1/models/meta/llama-2-7b-chat/predictions",
                 {{"version", kPinned}, {"input", {{"prompt", "x"}}}})
                .status,
            422);
  EXPECT_EQ(post("/v1/predictions", {{"version", kPinned},
                                     {"input", {{"prompt", "x"}}},
                                     {"stream", true},
                                     {"webhook", "https://example.com"},
                                     {"webhook_events_filter", {"completed"}}})
                .status,
            201);
  EXPECT_EQ(exchange(emulator().port(), "POST", "/v1/predictions",
                     {{"Authorization", "Bearer r8_x"}}, "{\"version\":")
                .status,
            400);
}

TEST_F(EmulatorCreate, a_version_is_an_id_with_or_without_a_name_or_the_name_of_an_official_model) {
  start();
  const json input = {{"prompt", "x"}};
  EXPECT_EQ(run_version("meta/llama-2-70b-chat:" + std::string(kPinned), input).status, 201);
  EXPECT_EQ(run_version("meta/llama-2-7b-chat:" + std::string(kPinned), input).status, 422);
  EXPECT_EQ(run_version("meta/llama-2-70b-chat", input).status, 201);
  EXPECT_EQ(run_version("rellama-demo/storyteller", input).status, 422);
  const Answer unknown = run_version(std::string(64, '0'), input);
  EXPECT_EQ(unknown.status, 422);
  EXPECT_EQ(unknown.json()["title"], "Invalid version or not permitted");
}

TEST_F(EmulatorCreate, a_community_model_runs_by_version_only) {
  start();
  EXPECT_EQ(ask("rellama-demo/storyteller", {{"prompt", "x"}}).status, 404);
  const json model = get("/v1/models/rellama-demo/storyteller").json();
  const Answer answer =
      run_version(model["latest_version"]["id"].get<std::string>(), {{"prompt", "x"}});
  EXPECT_EQ(answer.status, 201);
  EXPECT_EQ(answer.json()["model"], "rellama-demo/storyteller");
}

TEST_F(EmulatorCreate, a_deployment_runs_an_official_build) {
  start();
  const Answer answer = post("/v1/deployments/rellama-demo/llama-chat/predictions",
                             {{"input", {{"prompt", "x"}, {"max_tokens", 5}}}});
  ASSERT_EQ(answer.status, 201);
  EXPECT_EQ(answer.json()["deployment"], "rellama-demo/llama-chat");
  EXPECT_EQ(fetch(answer.json())["output"].size(), 5U);
  EXPECT_EQ(
      post("/v1/deployments/rellama-demo/none/predictions", {{"input", json::object()}}).status,
      404);
}

TEST_F(EmulatorCreate, errors_of_the_model_are_failed_predictions_and_not_http_errors) {
  EmulatorOptions options;
  options.context_window = 100;
  start(options);
  std::string words;
  for (int i = 0; i < 100; ++i) words += "word ";
  const auto error = [this](const Answer& answer) {
    EXPECT_EQ(answer.status, 201);
    const json prediction = fetch(answer.json());
    EXPECT_EQ(prediction["status"], "failed");
    return prediction["error"].get<std::string>();
  };
  EXPECT_TRUE(error(ask("meta/llama-2-7b-chat",
                        {{"prompt", "x"}, {"max_tokens", 5}, {"max_new_tokens", 6}}))
                  .starts_with("E1102"));
  EXPECT_TRUE(error(ask("meta/llama-2-7b-chat",
                        {{"prompt", "x"}, {"min_tokens", 5}, {"min_new_tokens", 6}}))
                  .starts_with("E1101"));
  EXPECT_TRUE(error(ask("meta/llama-2-7b", {{"prompt", words}})).starts_with("E1002"));
  EXPECT_TRUE(error(run_version(kPinned, {{"prompt", words}}))
                  .starts_with("Your input is too long. Max input length is 100 tokens"));
}

TEST_F(EmulatorCreate, max_new_tokens_is_silently_limited_by_the_context_window) {
  EmulatorOptions options;
  options.context_window = 60;
  start(options);
  const json prediction =
      fetch(ask("meta/llama-2-7b", {{"prompt", "one two three"}, {"max_new_tokens", 500}}).json());
  EXPECT_EQ(prediction["status"], "succeeded");
  EXPECT_EQ(prediction["output"].size(), 57U);
}

TEST_F(EmulatorCreate, token_limits_and_stop_sequences_are_applied) {
  start();
  const json sky = {{"prompt", "Why is the sky blue?"}};
  json longer = sky;
  longer["min_tokens"] = 1000;
  longer["max_tokens"] = 1000;
  EXPECT_EQ(fetch(ask("meta/llama-2-7b-chat", longer).json())["output"].size(), 1000U);
  json stopped = sky;
  stopped["stop_sequences"] = "nowhere,because of,is";
  EXPECT_EQ(text_of(fetch(ask("meta/llama-2-7b-chat", stopped).json())["output"]), " The sky ");
}

TEST_F(EmulatorCreate, prefer_wait_returns_all_output_with_the_status_processing) {
  EmulatorOptions options;
  options.token_rate = 100;
  start(options);
  const json input = {{"prompt", "x"}, {"max_tokens", 10}};
  const Answer answer = ask("meta/llama-2-7b-chat", input, {{"Prefer", "wait=10"}});
  EXPECT_EQ(answer.status, 201);
  EXPECT_EQ(answer.header("Preference-Applied"), "wait=10");
  const json prediction = answer.json();
  EXPECT_EQ(prediction["status"], "processing");
  EXPECT_EQ(prediction["output"].size(), 10U);
  EXPECT_FALSE(prediction.contains("metrics"));
  EXPECT_FALSE(prediction.contains("completed_at"));
  EXPECT_EQ(fetch(prediction)["status"], "succeeded");
}

TEST_F(EmulatorCreate, prefer_wait_returns_starting_after_its_timeout) {
  EmulatorOptions options;
  options.cold_boot = 10min;
  start(options);
  const auto begin = std::chrono::steady_clock::now();
  const Answer answer = ask("meta/llama-2-7b-chat", {{"prompt", "x"}}, {{"Prefer", "wait=1"}});
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 990ms);
  EXPECT_EQ(answer.json()["status"], "starting");
  EXPECT_EQ(answer.json()["output"], nullptr);
}

TEST_F(EmulatorCreate, headers_out_of_range_are_refused) {
  start();
  const json input = {{"prompt", "x"}};
  for (const char* value : {"wait=0", "wait=61", "wait=", "wait=1.5", "respond-async"}) {
    EXPECT_EQ(ask("meta/llama-2-7b-chat", input, {{"Prefer", value}}).status, 422) << value;
  }
  for (const char* value : {"4", "25h", "soon"}) {
    EXPECT_EQ(ask("meta/llama-2-7b-chat", input, {{"Cancel-After", value}}).status, 422) << value;
  }
  const Answer answer = ask("meta/llama-2-7b-chat", input, {{"Cancel-After", "1m30s"}});
  EXPECT_EQ(answer.status, 201);
  EXPECT_TRUE(answer.json().contains("deadline"));
}

TEST_F(EmulatorCreate, outputs_that_are_not_tokens_do_not_stream) {
  start();
  const auto run = [this](const std::string& model) {
    const json object = get("/v1/models/" + model).json();
    return run_version(object["latest_version"]["id"].get<std::string>(), {{"text", "Is it so?"}})
        .json();
  };
  const json classified = run("rellama-demo/classifier");
  EXPECT_FALSE(classified["urls"].contains("stream"));
  EXPECT_EQ(fetch(classified)["output"]["label"], "question");
  EXPECT_TRUE(fetch(run("rellama-demo/summarizer"))["output"].is_string());
}

}  // namespace
}  // namespace rellama::emulator::test

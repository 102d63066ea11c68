// One prompt, one answer: every source of the prompt, every output format, streamed and polled.

#include <sstream>

#include "program/program_test.hpp"
#include "rellama/client.hpp"

namespace rellama::test {
namespace {

constexpr const char* kPinned =
    "meta/llama-2-70b-chat:02e509c789964a7ea8736978a43525956ef40397be9033abf9fd2badfe68c9e3";

class Answer : public ProgramTest {};

TEST_F(Answer, a_prompt_on_the_command_line_prints_the_answer_and_nothing_else) {
  const Outcome outcome = rellama({"-m", kEcho, "Hello", "there"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.out, "Hello there\n");
  EXPECT_EQ(outcome.err, "");
}

TEST_F(Answer, a_prompt_on_stdin_is_sent_without_its_last_newline) {
  EXPECT_EQ(rellama({"-m", kEcho}, "first\nsecond\n").out, "first\nsecond\n");
  EXPECT_EQ(last_create()["input"]["prompt"], "first\nsecond");
}

TEST_F(Answer, stdin_comes_before_the_arguments_with_a_blank_line_between) {
  EXPECT_EQ(rellama({"-m", kEcho, "Explain", "this:"}, "boom\n").out, "boom\n\nExplain this:\n");
}

TEST_F(Answer, a_dash_marks_where_stdin_goes) {
  EXPECT_EQ(rellama({"-m", kEcho, "Review:", "-", "One line."}, "+x\n").out,
            "Review:\n\n+x\n\nOne line.\n");
}

TEST_F(Answer, files_come_before_the_arguments) {
  const std::string path = file("notes.txt", "noted\n");
  EXPECT_EQ(rellama({"-m", kEcho, "-f", path, "Summarise."}).out, "noted\n\nSummarise.\n");
}

TEST_F(Answer, no_stdin_does_not_read_stdin) {
  EXPECT_EQ(rellama({"-m", kEcho, "--no-stdin", "only this"}, "not this").out, "only this\n");
}

TEST_F(Answer, a_prompt_of_several_megabytes_arrives_complete) {
  std::string prompt(3 << 20, 'x');
  prompt.replace(1 << 20, 4, "\xF0\x9F\xA6\x99");
  const Outcome outcome = rellama({"-m", kEcho, "--max-new-tokens", "1"}, prompt);
  EXPECT_EQ(last_create()["input"]["prompt"], prompt);
  EXPECT_NE(outcome.exit_code, 2);
}

TEST_F(Answer, streaming_polling_and_waiting_give_the_same_text) {
  const std::string prompt = "α \xF0\x9F\xA6\x99 line\n\n  indented  text";
  const std::string expected = prompt + "\n";
  EXPECT_EQ(rellama({"-m", "rellama-demo/echo-bytes", prompt}).out, expected);
  EXPECT_EQ(rellama({"-m", kEcho, "--no-stream", prompt}).out, expected);
  emulator::EmulatorOptions slow;
  slow.token_rate = 200;
  slow.cold_boot = std::chrono::milliseconds(50);
  start_emulator(slow);
  EXPECT_EQ(rellama({"-m", kEcho, prompt}).out, expected);
  EXPECT_EQ(rellama({"-m", kEcho, "--no-stream", prompt}).out, expected);
}

TEST_F(Answer, a_model_without_a_stream_is_polled) {
  start_emulator_with({"model:no-stream"});
  EXPECT_EQ(rellama({"-m", kEcho, "Hello"}).out, "Hello\n");
  EXPECT_EQ(count_requests("GET", "/streams"), 0U);
}

TEST_F(Answer, no_stream_asks_the_server_to_wait) {
  ASSERT_EQ(rellama({"-m", kEcho, "--no-stream", "Hello"}).exit_code, 0);
  for (const auto& request : emulator_->requests()) {
    if (request.method != "POST") continue;
    EXPECT_EQ(request.header("prefer"), "wait=5");
  }
}

TEST_F(Answer, text_appears_as_it_arrives) {
  emulator::EmulatorOptions options;
  options.faults = {"stream:stall@3"};
  start_emulator(options);
  Process process(launch({"Why is the sky blue?"}));
  EXPECT_TRUE(process.read_until("The sky")) << "the first words should come before the last";
}

TEST_F(Answer, the_pinned_version_gets_exactly_what_was_typed) {
  for (const char* prompt : {"Tell me", "I am", "What is IT", "[INST]", "TINS[]/TIN", "/S/", "IN [",
                             "[INST] hi [/INST]", "S"}) {
    const Outcome outcome = rellama({"-m", kPinned, "--json", "--", prompt});
    ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
    const auto id = nlohmann::json::parse(outcome.out)["id"].get<std::string>();
    Client client(ApiToken("r8_test"), {.base_url = emulator_->base_url()});
    const std::string logs = client.get(PredictionId{id}).logs;
    EXPECT_NE(logs.find("<</SYS>>\n\n" + std::string(prompt) + " [/INST]"), std::string::npos)
        << "the model saw something else than \"" << prompt << "\": " << logs;
  }
}

TEST_F(Answer, the_original_notebook_example_runs) {
  const Outcome outcome = rellama(
      {"-m", kPinned, "--json",
       "Can you write a poem about open source machine learning? Let's make it in the style "
       "of E. E. Cummings."});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const auto body = last_create();
  EXPECT_EQ(body["version"], "02e509c789964a7ea8736978a43525956ef40397be9033abf9fd2badfe68c9e3");
  const auto& input = body["input"];
  EXPECT_EQ(input["debug"], false);
  EXPECT_EQ(input["top_k"], 50);
  EXPECT_EQ(input["top_p"], 1);
  EXPECT_EQ(input["temperature"], 0.5);
  EXPECT_EQ(input["max_new_tokens"], 500);
  EXPECT_EQ(input["min_new_tokens"], -1);
  EXPECT_TRUE(input["system_prompt"].get<std::string>().starts_with("You are a helpful, respect"));
}

TEST_F(Answer, a_community_model_without_a_version_runs_its_latest) {
  const Outcome outcome = rellama({"-m", "rellama-demo/storyteller", "A story"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(creates(), 1U) << "its schema says where the prompt goes, and that it is not official";
  EXPECT_TRUE(last_create().contains("version"));
}

TEST_F(Answer, json_is_one_object_with_every_field) {
  const Outcome outcome = rellama({"-m", kEcho, "--json", "Hello"});
  const auto answer = nlohmann::json::parse(outcome.out);
  EXPECT_EQ(answer["format"], "rellama.answer/1");
  EXPECT_EQ(answer["model"], kEcho);
  EXPECT_EQ(answer["prompt"], "Hello");
  EXPECT_EQ(answer["output"], "Hello");
  EXPECT_EQ(answer["status"], "succeeded");
  EXPECT_EQ(answer["error"], nullptr);
  EXPECT_TRUE(answer["metrics"]["output_token_count"].is_number());
  EXPECT_TRUE(answer["id"].is_string());
  EXPECT_TRUE(answer["version"].is_string());
}

TEST_F(Answer, jsonl_prints_every_event_in_order) {
  const Outcome outcome = rellama({"-m", kEcho, "--jsonl", "Hello there, llama"});
  std::string text;
  std::vector<std::string> events;
  std::istringstream lines(outcome.out);
  for (std::string line; std::getline(lines, line);) {
    const auto event = nlohmann::json::parse(line);
    EXPECT_EQ(event["format"], "rellama.events/1");
    const auto name = event["event"].get<std::string>();
    if (events.empty() || events.back() != name) events.push_back(name);
    if (name == "output") text += event["text"].get<std::string>();
  }
  EXPECT_EQ(text, "Hello there, llama");
  EXPECT_EQ(events.front(), "created");
  EXPECT_EQ(events.back(), "done");
}

TEST_F(Answer, parameters_reach_the_model_under_its_own_names) {
  ASSERT_EQ(rellama({"--temp", "0", "--top_k", "7", "--max-tokens", "9", "--min_new_tokens", "2",
                     "--seed", "3", "--stop", "END", "--stop", "###", "-o", "length_penalty=2",
                     "-o", "presence_penalty:=0.5", "Hello"})
                .exit_code,
            0);
  const auto input = last_create()["input"];
  EXPECT_EQ(input["temperature"], 0);
  EXPECT_EQ(input["top_k"], 7);
  EXPECT_EQ(input["max_tokens"], 9);
  EXPECT_EQ(input["min_tokens"], 2);
  EXPECT_EQ(input["seed"], 3);
  EXPECT_EQ(input["stop_sequences"], "END,###");
  EXPECT_EQ(input["length_penalty"], 2);
  EXPECT_EQ(input["presence_penalty"], 0.5);
  EXPECT_FALSE(input.contains("debug"));
  EXPECT_FALSE(input.contains("max_new_tokens"));
}

TEST_F(Answer, a_system_prompt_can_come_from_a_file) {
  const std::string path = file("system.txt", "Be brief.");
  ASSERT_EQ(rellama({"-s", "@" + path, "Hello"}).exit_code, 0);
  EXPECT_EQ(last_create()["input"]["system_prompt"], "Be brief.");
}

TEST_F(Answer, the_demo_needs_no_account_and_says_that_its_answer_is_canned) {
  Launch demo = launch({"--demo", "Why is the sky blue?"});
  demo.environment.erase("REPLICATE_API_TOKEN");
  demo.environment.erase("REPLICATE_BASE_URL");
  demo.environment.erase("HOME");
  const Outcome outcome = run(demo);
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_NE(outcome.out.find("blue"), std::string::npos);
  EXPECT_NE(outcome.err.find("no model was run"), std::string::npos);
}

TEST_F(Answer, a_dry_run_of_the_demo_shows_the_request_to_the_configured_server) {
  const Outcome outcome = rellama({"--demo", "--dry-run", "Hi"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_NE(outcome.out.find(emulator_->base_url()), std::string::npos) << outcome.out;
  EXPECT_TRUE(emulator_->requests().empty());
}

}  // namespace
}  // namespace rellama::test

// Failures as a shell sees them: one helpful line and the documented exit code.

#include <algorithm>

#include "program/program_test.hpp"

namespace rellama::test {
namespace {

class Failure : public ProgramTest {
 protected:
  // Expects one line on stderr with the usual prefix and each of `words`.
  static void expect_one_line(const Outcome& outcome, const std::vector<std::string>& words) {
    EXPECT_TRUE(outcome.err.starts_with("rellama: ")) << outcome.err;
    EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << outcome.err;
    for (const std::string& word : words) {
      EXPECT_NE(outcome.err.find(word), std::string::npos)
          << "\"" << word << "\" is missing in: " << outcome.err;
    }
  }
};

TEST_F(Failure, a_parameter_out_of_range_is_rejected_with_its_range_before_anything_is_sent) {
  const Outcome outcome = rellama({"--temperature", "9", "Hello"});
  EXPECT_EQ(outcome.exit_code, 2);
  expect_one_line(outcome, {"temperature 9", "0 to 5"});
  EXPECT_TRUE(emulator_->requests().empty());
}

TEST_F(Failure, every_bad_command_line_is_rejected_by_name) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases{
      {{"--top-k", "-2", "x"}, "top_k -2"},
      {{"--top-p", "1.5", "x"}, "0 to 1"},
      {{"--max-new-tokens", "0", "x"}, "1 or more"},
      {{"--min-new-tokens", "-2", "x"}, "-1 or more"},
      {{"--temperature", "nan", "x"}, "temperature"},
      {{"--temperature", "hot", "x"}, "temperature"},
      {{"--seed", "1.5", "x"}, "seed"},
      {{"--stop", "a,b", "x"}, "comma"},
      {{"--stop", "", "x"}, "empty"},
      {{"--prompt-template", "no placeholder", "x"}, "{prompt}"},
      {{"-m", "not-a-model", "x"}, "owner/name"},
      {{"-m", "a/b/c", "x"}, "owner/name"},
      {{"-o", "debug=true", "x"}, "debug"},
      {{"-o", "nothing", "x"}, "KEY=VALUE"},
      {{"-o", "seed:={", "x"}, "JSON"},
      {{"-o", "prompt=y", "x"}, "prompt"},
      {{"-o", "top_k=1", "--top-k", "2", "x"}, "twice"},
      {{"-f", "/nonexistent", "x"}, "/nonexistent"},
      {{"--timeout", "0", "x"}, "duration"},
      {{"--timeout", "soon", "x"}, "duration"},
      {{"--base-url", "ftp://example.com", "x"}, "base URL"},
      {{"--base-url", "http://example.com", "x"}, "https"},
      {{"--cacert", "/nonexistent", "x"}, "/nonexistent"},
      {{"--color", "purple", "x"}, "purple"},
      {{"--bogus", "x"}, "--bogus"},
      {{"--json", "--jsonl", "x"}, "--json"},
      {{"-", "--no-stdin"}, "--no-stdin"},
      {{"   "}, "empty"},
  };
  for (const auto& [arguments, word] : cases) {
    const Outcome outcome = rellama(arguments);
    EXPECT_EQ(outcome.exit_code, 2) << word << ": " << outcome.err;
    expect_one_line(outcome, {word});
    EXPECT_EQ(outcome.out, "");
  }
  EXPECT_TRUE(emulator_->requests().empty()) << "bad input must be refused before anything is sent";
}

TEST_F(Failure, a_prompt_that_is_not_utf8_is_rejected_by_name) {
  const Outcome outcome = rellama({}, "caf\xE9");
  EXPECT_EQ(outcome.exit_code, 2);
  expect_one_line(outcome, {"standard input", "UTF-8", "0xe9", "offset 3"});
}

TEST_F(Failure, no_token_says_where_to_get_one_and_sends_nothing) {
  Launch without = launch({"Hello"});
  without.environment.erase("REPLICATE_API_TOKEN");
  const Outcome outcome = run(without);
  EXPECT_EQ(outcome.exit_code, 3);
  expect_one_line(outcome, {"https://replicate.com/account/api-tokens", "REPLICATE_API_TOKEN",
                            "rellama auth login"});
  EXPECT_TRUE(emulator_->requests().empty());
}

TEST_F(Failure, a_rejected_token_error_says_how_to_set_another) {
  Launch invalid = launch({"Hello"});
  invalid.environment["REPLICATE_API_TOKEN"] = "r8_invalid";
  const Outcome outcome = run(invalid);
  EXPECT_EQ(outcome.exit_code, 3);
  expect_one_line(outcome, {"401", "valid authentication token", "REPLICATE_API_TOKEN"});
  EXPECT_EQ(outcome.err.find("r8_"), std::string::npos);
}

TEST_F(Failure, every_server_error_has_its_exit_code_and_one_line) {
  struct Case {
    std::string fault;
    int exit_code;
    std::vector<std::string> words;
  };
  const std::vector<Case> cases{
      {"create:401", 3, {"401"}},
      {"create:402", 5, {"402", "credit", "billing"}},
      {"create:403", 3, {"403"}},
      {"create:404", 4, {"404"}},
      {"create:422", 4, {"422", "version"}},
      {"create:429@0", 6, {"429"}},
      {"create:500", 13, {"500"}},
      {"create:empty-500", 13, {"500", "replicate.com/predictions"}},
      {"create:text-503", 13, {"503"}},
      {"create:html", 13, {"HTML"}},
      {"create:reset", 13, {"may have been started", "replicate.com/predictions"}},
      {"create:truncated", 13, {"may have been started"}},
      {"create:lost",
       0,
       {"the response to the create request was lost", "continuing with prediction"}},
      {"predict:failed@2", 9, {"prediction "}},
      {"predict:canceled@2", 10, {"canceled"}},
      {"predict:aborted", 10, {"aborted"}},
  };
  for (const Case& expected : cases) {
    start_emulator_with({expected.fault});
    Launch quiet = launch({"--retries", "0", "-m",
                           "meta/llama-2-70b-chat:"
                           "02e509c789964a7ea8736978a43525956ef40397be9033abf9fd2badfe68c9e3",
                           "Hello"});
    const Outcome outcome = run(quiet);
    EXPECT_EQ(outcome.exit_code, expected.exit_code) << expected.fault << ": " << outcome.err;
    expect_one_line(outcome, expected.words);
    EXPECT_EQ(creates(), 1U) << expected.fault << ": a create is billed and must not be repeated";
  }
}

TEST_F(Failure, a_throttled_create_is_retried_after_the_requested_time) {
  start_emulator_with({"create:429@0*2"});
  const Outcome outcome = rellama({"-m", kEcho, "Hello"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "Hello\n");
  EXPECT_EQ(creates(), 3U);
  EXPECT_NE(outcome.err.find("retrying in"), std::string::npos) << "each wait has its line";
}

TEST_F(Failure, an_unknown_model_is_not_found) {
  const Outcome outcome = rellama({"-m", "nobody/nothing", "Hello"});
  EXPECT_EQ(outcome.exit_code, 4);
  expect_one_line(outcome, {"nobody/nothing", "404"});
}

TEST_F(Failure, a_model_without_a_version_is_an_error) {
  const Outcome outcome = rellama({"-m", "rellama-demo/unpublished", "Hello"});
  EXPECT_EQ(outcome.exit_code, 4);
  expect_one_line(outcome, {"rellama-demo/unpublished", "no version"});
}

TEST_F(Failure, an_unknown_version_is_not_found) {
  const Outcome outcome = rellama({"-m", std::string(64, 'a'), "Hello"});
  EXPECT_EQ(outcome.exit_code, 4);
  expect_one_line(outcome, {"422", "version"});
}

TEST_F(Failure, fields_the_server_rejects_are_listed_by_name) {
  const Outcome outcome =
      rellama({"-m", "deployments/rellama-demo/llama-chat", "-o", "bogus=1", "Hello"});
  EXPECT_EQ(outcome.exit_code, 2);
  expect_one_line(outcome, {"422", "bogus"});
}

TEST_F(Failure, an_unreachable_server_is_a_network_error) {
  const std::string gone = emulator_->base_url();
  emulator_->stop();
  const Outcome outcome = rellama({"--retries", "0", "--base-url", gone, "Hello"});
  EXPECT_EQ(outcome.exit_code, 7);
  expect_one_line(outcome, {"127.0.0.1"});
}

TEST_F(Failure, a_stream_that_is_cut_still_gives_the_whole_answer) {
  const std::string whole = rellama({"Why is the sky blue?"}).out;
  for (const char* fault :
       {"stream:cut@0", "stream:cut@20", "stream:end@20", "stream:408", "stream:503",
        "stream:no-ids", "stream:crlf", "stream:bytes", "stream:html", "stream:redirect"}) {
    start_emulator_with({fault});
    const Outcome outcome = rellama({"Why is the sky blue?"});
    EXPECT_EQ(outcome.exit_code, 0) << fault << ": " << outcome.err;
    EXPECT_EQ(outcome.out, whole) << fault;
  }
}

TEST_F(Failure, an_answer_that_cannot_be_completed_is_reported_and_cancelled) {
  start_emulator_with({"stream:cut@20", "get:503"});
  const Outcome outcome = rellama({"--retries", "0", "Why is the sky blue?"});
  EXPECT_EQ(outcome.exit_code, 11);
  expect_one_line(outcome, {"incomplete", "503"});
  EXPECT_NE(outcome.out.find("The sky"), std::string::npos) << "what arrived is kept";
  EXPECT_EQ(cancels(), 1U);
}

TEST_F(Failure, what_arrived_before_a_failure_is_printed) {
  start_emulator_with({"predict:failed@20"});
  const Outcome outcome = rellama({"Why is the sky blue?"});
  EXPECT_EQ(outcome.exit_code, 9);
  EXPECT_NE(outcome.out.find("The sky"), std::string::npos);
  EXPECT_TRUE(outcome.out.ends_with('\n'));
}

TEST_F(Failure, json_has_the_error_and_what_arrived) {
  start_emulator_with({"predict:failed@20"});
  const Outcome outcome = rellama({"--json", "Why is the sky blue?"});
  EXPECT_EQ(outcome.exit_code, 9);
  const auto answer = nlohmann::json::parse(outcome.out);
  EXPECT_EQ(answer["status"], "failed");
  EXPECT_TRUE(answer["error"].is_string());
  EXPECT_NE(answer["output"].get<std::string>().find("The sky"), std::string::npos);
}

TEST_F(Failure, json_is_printed_even_if_the_server_refused) {
  start_emulator_with({"create:402"});
  const Outcome outcome = rellama({"--json", "Hello"});
  EXPECT_EQ(outcome.exit_code, 5);
  const auto answer = nlohmann::json::parse(outcome.out);
  EXPECT_EQ(answer["status"], nullptr);
  EXPECT_TRUE(answer["error"].is_string());
}

TEST_F(Failure, the_deadline_ends_the_run_and_cancels_the_prediction) {
  emulator::EmulatorOptions options;
  options.faults = {"stream:stall@5"};
  options.token_rate = 0.001;
  start_emulator(options);
  const Outcome outcome = rellama({"--timeout", "2s", "Why is the sky blue?"});
  EXPECT_EQ(outcome.exit_code, 124);
  expect_one_line(outcome, {"--timeout"});
  EXPECT_EQ(cancels(), 1U);
}

TEST_F(Failure, a_full_disk_is_reported_and_cancels_the_prediction) {
  emulator::EmulatorOptions options;
  options.token_rate = 50;
  start_emulator(options);
  Launch full = launch({"Why is the sky blue?"});
  full.output_file = "/dev/full";
  const Outcome outcome = run(full);
  EXPECT_EQ(outcome.exit_code, 1);
  expect_one_line(outcome, {"standard output"});
  EXPECT_EQ(cancels(), 1U);
}

}  // namespace
}  // namespace rellama::test

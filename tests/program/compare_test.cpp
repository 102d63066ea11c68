// `rellama compare` in a pipe: one prompt, several models or parameters.

#include <signal.h>

#include <atomic>
#include <sstream>
#include <thread>

#include "program/program_test.hpp"
#include "support/expect_error.hpp"
#include "support/raw_server.hpp"

namespace rellama::test {
namespace {

class Compare : public ProgramTest {
 protected:
  // Every run has started to read its answer.
  void wait_for_streams(std::size_t count) const {
    while (streams() < count) std::this_thread::yield();
  }
  void start_slow_emulator() {
    emulator::EmulatorOptions options;
    options.token_rate = 20;
    start_emulator(options);
  }
};

const std::vector<std::string> kThree{"compare", "-m", "7b", "-m", "13b", "-m", "70b", "Hi?"};

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

TEST_F(Compare, answers_are_printed_one_after_another_with_a_table_below) {
  const Outcome outcome =
      rellama({"compare", "-m", kEcho, "-m", "rellama-demo/echo-bytes", "Hello"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(outcome.err, "");
  EXPECT_TRUE(
      outcome.out.starts_with("== rellama-demo/echo ==\nHello\n\n"
                              "== rellama-demo/echo-bytes ==\nHello\n\n"
                              "RUN "))
      << outcome.out;
  const auto lines = lines_of(outcome.out);
  ASSERT_EQ(lines.size(), 9U);
  for (const std::size_t row : {7U, 8U}) EXPECT_TRUE(lines[row].ends_with("succeeded"));
  EXPECT_EQ(creates(), 2U);
}

TEST_F(Compare, each_model_runs_with_each_value) {
  const Outcome outcome = rellama({"compare", "-m", "7b", "-m", "13b", "--sweep",
                                   "temperature=0.1,1", "--top-k", "7", "--json", "Hi?"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  std::vector<std::string> seen;
  const nlohmann::json object = nlohmann::json::parse(outcome.out);
  for (const auto& result : object["results"]) {
    EXPECT_EQ(result["parameters"]["top_k"], 7);
    seen.push_back(result["model"].get<std::string>() + " " +
                   result["parameters"]["temperature"].dump());
  }
  EXPECT_EQ(seen,
            (std::vector<std::string>{"meta/llama-2-7b-chat 0.1", "meta/llama-2-7b-chat 1.0",
                                      "meta/llama-2-13b-chat 0.1", "meta/llama-2-13b-chat 1.0"}));
  EXPECT_EQ(creates(), 4U);
}

TEST_F(Compare, a_sweep_of_system_prompts_can_read_files) {
  const std::string pirate = file("pirate.txt", "Talk like a pirate.");
  const Outcome outcome = rellama(
      {"compare", "--sweep", "system=\"Be brief, please.\",@" + pirate, "--dry-run=json", "Hi"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const auto lines = lines_of(outcome.out);
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(nlohmann::json::parse(lines[0])["body"]["input"]["system_prompt"], "Be brief, please.");
  EXPECT_EQ(nlohmann::json::parse(lines[1])["body"]["input"]["system_prompt"],
            "Talk like a pirate.");
}

TEST_F(Compare, json_has_every_field_of_every_run) {
  const Outcome outcome = rellama({"compare", "-m", kEcho, "-m", "no/body", "--json", "Hello"});
  EXPECT_EQ(outcome.exit_code, 12);
  const nlohmann::json object = nlohmann::json::parse(outcome.out);
  EXPECT_EQ(object["format"], "rellama.comparison/1");
  EXPECT_EQ(object["prompt"], "Hello");
  ASSERT_EQ(object["results"].size(), 2U);
  const nlohmann::json& good = object["results"][0];
  EXPECT_EQ(good["label"], kEcho);
  EXPECT_EQ(good["model"], kEcho);
  EXPECT_TRUE(good["id"].is_string());
  EXPECT_EQ(good["status"], "succeeded");
  EXPECT_EQ(good["output"], "Hello");
  EXPECT_TRUE(good["error"].is_null());
  EXPECT_TRUE(good["kind"].is_null());
  for (const char* name : {"first_token_seconds", "seconds", "input_tokens", "output_tokens",
                           "tokens_per_second", "predict_time", "output_events"}) {
    EXPECT_TRUE(good[name].is_number()) << name;
  }
  const nlohmann::json& bad = object["results"][1];
  EXPECT_EQ(bad["kind"], "not_found");
  EXPECT_TRUE(holds(bad["error"], "no/body"));
  EXPECT_TRUE(bad["output"].is_null());
  EXPECT_EQ(bad.size(), good.size());
}

TEST_F(Compare, jsonl_has_one_line_per_result) {
  const Outcome outcome = rellama({"compare", "-m", kEcho, "-m", "7b", "--jsonl", "Hello"});
  EXPECT_EQ(outcome.exit_code, 0);
  const auto lines = lines_of(outcome.out);
  ASSERT_EQ(lines.size(), 2U);
  std::vector<bool> seen(2, false);
  for (const std::string& line : lines) {
    const nlohmann::json result = nlohmann::json::parse(line);
    EXPECT_EQ(result["format"], "rellama.comparison.result/1");
    seen.at(result["index"].get<std::size_t>()) = true;
    EXPECT_EQ(result["status"], "succeeded");
  }
  EXPECT_EQ(seen, std::vector<bool>(2, true));
}

TEST_F(Compare, dry_run_prints_all_requests_and_sends_none) {
  auto arguments = kThree;
  arguments.push_back("--dry-run");
  const Outcome outcome = rellama(arguments);
  EXPECT_EQ(outcome.exit_code, 0);
  for (const std::string name : {"7b", "13b", "70b"}) {
    EXPECT_TRUE(holds(outcome.out, "# " + name + "\ncurl "));
    EXPECT_TRUE(holds(outcome.out, "/models/meta/llama-2-" + name + "-chat/predictions'"));
  }
  EXPECT_TRUE(emulator_->requests().empty());
}

TEST_F(Compare, a_failed_run_does_not_stop_the_others) {
  const Outcome outcome =
      rellama({"compare", "-m", kEcho, "-m", "no/body", "-m", "rellama-demo/echo-bytes", "Hello"});
  EXPECT_EQ(outcome.exit_code, 12);
  EXPECT_TRUE(
      holds(outcome.out, "== rellama-demo/echo ==\nHello\n\n== no/body ==\nerror: cannot run"));
  EXPECT_TRUE(holds(outcome.out, "\n\n== rellama-demo/echo-bytes ==\nHello\n\nRUN"));
  EXPECT_TRUE(holds(outcome.out, "not_found\n"));
  EXPECT_EQ(outcome.err, "rellama: 1 of 3 runs failed\n");
}

TEST_F(Compare, the_exit_code_is_that_of_the_failure_if_all_failed_alike) {
  EXPECT_EQ(rellama({"compare", "-m", "no/body", "-m", "no/one", "Hi"}).exit_code, 4);
  start_emulator_with({"predict:failed@2"});
  const Outcome outcome = rellama(kThree);
  EXPECT_EQ(outcome.exit_code, 9);
  EXPECT_TRUE(holds(outcome.out, "error: the model failed"));
  EXPECT_TRUE(holds(outcome.err, "3 of 3 runs failed"));
  start_emulator_with({"create:401"});
  EXPECT_EQ(rellama(kThree).exit_code, 3);
}

TEST_F(Compare, jobs_limits_how_many_run_at_the_same_time) {
  auto arguments = kThree;
  arguments.insert(arguments.end(), {"-j", "1"});
  ASSERT_EQ(rellama(arguments).exit_code, 0);
  bool streamed = true;
  for (const auto& request : emulator_->requests()) {
    if (request.method != "POST") {
      streamed = true;
      continue;
    }
    EXPECT_TRUE(streamed) << "created before the one before was read";
    streamed = false;
  }
  EXPECT_EQ(creates(), 3U);
}

TEST_F(Compare, too_many_predictions_are_rejected_with_their_number) {
  const std::vector<std::string> twelve{"compare",   "-m",         "7b",         "-m",
                                        "13b",       "--sweep",    "seed=1,2,3", "--sweep",
                                        "top_k=1,2", "--no-stdin", "Hi"};
  const Outcome outcome = rellama(twelve);
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_TRUE(holds(outcome.err, "12 predictions"));
  EXPECT_TRUE(emulator_->requests().empty());
  auto allowed = twelve;
  allowed.insert(allowed.end(), {"--max-predictions", "12"});
  EXPECT_EQ(rellama(allowed).exit_code, 0);
  EXPECT_EQ(creates(), 12U);
}

TEST_F(Compare, identical_requests_are_rejected) {
  for (const std::vector<std::string>& twice : {std::vector<std::string>{"-m", "7b", "-m", "7b"},
                                                {"-m", "7b", "-m", "meta/llama-2-7b-chat"},
                                                {"--sweep", "temperature=0.5,0.50"},
                                                {"--sweep", "seed=1,1"}}) {
    std::vector<std::string> arguments{"compare", "Hi"};
    arguments.insert(arguments.end(), twice.begin(), twice.end());
    const Outcome outcome = rellama(arguments);
    EXPECT_EQ(outcome.exit_code, 2) << twice[1];
    EXPECT_TRUE(holds(outcome.err, "are the same request"));
  }
  EXPECT_TRUE(emulator_->requests().empty());
}

TEST_F(Compare, invalid_options_are_rejected_before_anything_is_sent) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> kBad{
      {{"-m", "7b", "-m", "not a model", "Hi"}, "not a model"},
      {{"--sweep", "temperature=0.5,9", "Hi"}, "temperature 9 is out of range"},
      {{"--sweep", "temperature=0.5,hot", "Hi"}, "hot"},
      {{"--sweep", "temprature=0.5", "Hi"}, "did you mean temperature?"},
      {{"--sweep", "temperature", "Hi"}, "no '='"},
      {{"--sweep", "temperature=1", "--temperature", "1", "Hi"}, "set twice"},
      {{"--sweep", "temperature=1", "--sweep", "temp=2", "Hi"}, "two sweeps"},
      {{"--sweep", "prompt=a,b", "Hi"}, "'prompt' cannot be set"},
      {{"--sweep", "system=@/no/such/file", "Hi"}, "/no/such/file"},
      {{"--sweep", "stop:=[", "Hi"}, "not a JSON array"},
      {{"--sweep", "top_k=1.5", "Hi"}, "a whole number"},
      {{"-j", "0", "Hi"}, "--jobs"},
      {{"--max-predictions", "-1", "Hi"}, "--max-predictions"},
      {{"--json", "--jsonl", "Hi"}, "--json"},
      {{"--detach", "Hi"}, "no option --detach"},
      {{"--cancel-after", "1s", "Hi"}, "--cancel-after"},
      {{"--timeout", "soon", "Hi"}, "soon"},
      {{"--endpoint", "cog=http://127.0.0.1:1", "--dry-run", "Hi"}, "Cog container"},
      {{" "}, "the prompt is empty"},
  };
  for (const auto& [bad, why] : kBad) {
    std::vector<std::string> arguments{"compare"};
    arguments.insert(arguments.end(), bad.begin(), bad.end());
    const Outcome outcome = rellama(arguments);
    EXPECT_EQ(outcome.exit_code, 2) << why << outcome.err;
    EXPECT_TRUE(holds(outcome.err, why));
    EXPECT_EQ(lines_of(outcome.err).size(), 1U) << outcome.err;
    EXPECT_EQ(outcome.out, "");
  }
  EXPECT_TRUE(emulator_->requests().empty());
}

TEST_F(Compare, a_model_that_is_not_hosted_is_rejected_before_anything_is_sent) {
  const Outcome outcome = rellama({"compare", "-m", "7b", "-m", "bloom", "Hi"});
  EXPECT_EQ(outcome.exit_code, 4);
  EXPECT_TRUE(holds(outcome.err, "BLOOM"));
  EXPECT_TRUE(emulator_->requests().empty());
}

TEST_F(Compare, nothing_is_sent_if_a_models_own_schema_rejects_it) {
  const Outcome outcome = rellama(
      {"compare", "-m", "7b", "-m", "rellama-demo/storyteller", "--temperature", "0", "Hi"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_TRUE(holds(outcome.err, "temperature cannot be 0: rellama-demo/storyteller accepts"));
  EXPECT_EQ(emulator_->requests().size(), 1U) << "what the model takes was asked for, nothing else";
  EXPECT_EQ(creates(), 0U);
}

TEST_F(Compare, a_signal_cancels_all_runs_and_prints_what_arrived) {
  for (const auto& [signal, code] : {std::pair{SIGINT, 130}, {SIGTERM, 143}, {SIGHUP, 129}}) {
    start_slow_emulator();
    Process process(launch(kThree));
    ASSERT_TRUE(process.read_until("== 7b ==\n"));
    wait_for_streams(3);
    process.send_signal(signal);
    const Outcome outcome = process.wait();
    EXPECT_EQ(outcome.exit_code, code);
    EXPECT_EQ(cancels(), 3U);
    EXPECT_TRUE(holds(outcome.out, "== 70b ==\n")) << "its place is there";
    EXPECT_TRUE(holds(outcome.out, "RUN "));
    EXPECT_EQ(lines_of(outcome.err).size(), 1U) << outcome.err;
  }
}

TEST_F(Compare, runs_that_are_waiting_when_it_is_stopped_never_start) {
  start_slow_emulator();
  auto arguments = kThree;
  arguments.insert(arguments.end(), {"--jobs", "2", "--json"});
  Process process(launch(arguments));
  wait_for_streams(2);
  process.send_signal(SIGINT);
  const Outcome outcome = process.wait();
  EXPECT_EQ(outcome.exit_code, 130);
  EXPECT_EQ(creates(), 2U);
  EXPECT_EQ(cancels(), 2U);
  const nlohmann::json results = nlohmann::json::parse(outcome.out)["results"];
  EXPECT_EQ(results[2]["kind"], "interrupted");
  EXPECT_TRUE(results[2]["id"].is_null());
}

TEST_F(Compare, a_closed_pipe_cancels_all_runs) {
  start_slow_emulator();
  Process process(launch(kThree));
  ASSERT_TRUE(process.read_until("== 7b ==\n"));
  wait_for_streams(3);
  process.close_output();
  const Outcome outcome = process.wait();
  EXPECT_EQ(outcome.exit_code, 141);
  EXPECT_EQ(outcome.err, "");
  EXPECT_EQ(cancels(), 3U);
}

TEST_F(Compare, a_timeout_cancels_all_runs) {
  emulator::EmulatorOptions options;
  options.cold_boot = std::chrono::hours(1);
  start_emulator(options);
  auto arguments = kThree;
  arguments.insert(arguments.end(), {"--timeout", "2s"});
  const Outcome outcome = rellama(arguments);
  EXPECT_EQ(outcome.exit_code, 124);
  EXPECT_EQ(cancels(), 3U);
  EXPECT_TRUE(holds(outcome.err, "timed out"));
}

TEST_F(Compare, the_prompt_can_come_from_any_source) {
  const Outcome outcome =
      rellama({"compare", "-m", kEcho, "-f", file("a.txt", "file\n"), "words"}, "stdin");
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_TRUE(holds(outcome.out, "stdin\n\nfile\n\nwords\n"));
}

TEST_F(Compare, polling_gives_the_same_results) {
  const Outcome outcome = rellama({"compare", "-m", kEcho, "-m", "7b", "--no-stream", "Hello"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_TRUE(holds(outcome.out, "== rellama-demo/echo ==\nHello\n"));
  EXPECT_EQ(streams(), 0U);
}

TEST_F(Compare, output_that_is_not_text_is_printed_in_its_place) {
  const Outcome outcome =
      rellama({"compare", "-m", "rellama-demo/detector", "-m", "rellama-demo/echo", "two words"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_TRUE(
      holds(outcome.out, "{\"word\":\"two\",\"at\":0}\n{\"word\":\"words\",\"at\":4}\n\n=="));
}

TEST_F(Compare, the_demo_needs_no_account) {
  Launch demo = launch({"compare", "--demo", "-m", "7b", "-m", "13b", "Hi?"});
  demo.environment.erase("REPLICATE_API_TOKEN");
  const Outcome outcome = run(demo);
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_TRUE(holds(outcome.err, "this answer is canned"));
  EXPECT_TRUE(emulator_->requests().empty());
}

TEST_F(Compare, a_run_that_may_have_started_is_reported_although_it_was_stopped) {
  std::atomic<Process*> process = nullptr;
  RawServer server;
  server.then([&process](RawConnection& connection) {
    connection.read_request();
    while (process == nullptr) std::this_thread::yield();
    process.load()->send_signal(SIGINT);
    connection.send(raw_answer(502, ""));
  });
  for (int search = 0; search < 3; ++search) server.then(reply(200, R"({"results":[]})"));
  Launch stopped = launch({"compare", "-m", "7b", "-m", "13b", "--jobs", "1", "Hi"});
  stopped.environment["REPLICATE_BASE_URL"] = server.url();
  Process started(stopped);
  process = &started;
  const Outcome outcome = started.wait();
  EXPECT_EQ(outcome.exit_code, 13) << outcome.err;
}

}  // namespace
}  // namespace rellama::test

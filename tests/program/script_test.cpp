// Shell scripts, pipes and signals: what scripts can rely on.

#include <signal.h>

#include "program/program_test.hpp"

namespace rellama::test {
namespace {

class Script : public ProgramTest {
 protected:
  // Starts an emulator whose answers never end.
  void start_endless_emulator() {
    emulator::EmulatorOptions options;
    options.token_rate = 20;
    options.context_window = 1'000'000;
    start_emulator(options);
  }
  static constexpr const char* kEndless = "--min-new-tokens=100000";
  static constexpr const char* kEndlessToo = "--max-new-tokens=100000";
};

TEST_F(Script, command_substitution_gets_the_answer) {
  const Outcome outcome = shell(
      "set -euo pipefail; answer=$(rellama -m rellama-demo/echo 'two  blanks'); echo "
      "\"<$answer>\"");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "<two  blanks>\n");
}

TEST_F(Script, a_failure_ends_a_strict_script_with_its_code) {
  start_emulator_with({"create:402"});
  const Outcome outcome = shell("set -euo pipefail; answer=$(rellama hello); echo unreachable");
  EXPECT_EQ(outcome.exit_code, 5);
  EXPECT_EQ(outcome.out, "");
}

TEST_F(Script, a_while_read_loop_keeps_its_input) {
  const Outcome outcome = shell(
      "printf 'a\\nb\\nc\\n' | while read -r line; do "
      "rellama --no-stdin -m rellama-demo/echo \"$line\"; done");
  EXPECT_EQ(outcome.out, "a\nb\nc\n");
}

TEST_F(Script, xargs_runs_eight_at_once) {
  const Outcome outcome = shell(
      "cd; seq 24 | xargs -P8 -I{} sh -c 'rellama --no-stdin -m rellama-demo/echo \"number {}\" "
      "> {}.txt' && cat *.txt | sort -u | wc -l");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(std::stoi(outcome.out), 24);
}

TEST_F(Script, polled_answers_of_concurrent_programs_do_not_interleave) {
  const Outcome outcome = shell(
      "seq 24 | xargs -P8 -I{} rellama --no-stream --no-stdin -m rellama-demo/echo 'number {}' | "
      "grep -c '^number [0-9]*$'");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(std::stoi(outcome.out), 24);
}

TEST_F(Script, json_lines_of_concurrent_programs_do_not_interleave) {
  const Outcome outcome = shell(
      "seq 24 | xargs -P8 -I{} rellama --json --no-stdin -m rellama-demo/echo 'number {}' | "
      "grep -c '^{\"format\":\"rellama.answer/1\".*\"output\":\"number [0-9]*\".*}$'");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(std::stoi(outcome.out), 24);
}

TEST_F(Script, it_runs_under_cron_without_terminal_home_or_input) {
  Launch cron = launch({"-m", kEcho, "nightly"});
  // Without HOME, the home directory is the real one, which tests must not touch.
  cron.environment = {{"REPLICATE_API_TOKEN", "r8_test"},
                      {"REPLICATE_BASE_URL", emulator_->base_url()},
                      {"XDG_CACHE_HOME", (home_ / "cache").string()},
                      {"XDG_CONFIG_HOME", (home_ / "config").string()},
                      {"XDG_DATA_HOME", (home_ / "data").string()}};
  for (const char* name : {"ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"}) {
    if (const char* value = std::getenv(name)) cron.environment[name] = value;
  }
  const Outcome outcome = run(cron);
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "nightly\n");
  EXPECT_EQ(outcome.err, "");
}

TEST_F(Script, closed_standard_streams_are_harmless) {
  EXPECT_EQ(shell("rellama -m rellama-demo/echo hello <&-").out, "hello\n");
  EXPECT_EQ(shell("rellama -m rellama-demo/echo hello 2>&-").out, "hello\n");
}

TEST_F(Script, a_closed_pipe_cancels_the_run) {
  start_endless_emulator();
  Process process(launch({kEndless, kEndlessToo, "Why is the sky blue?"}));
  ASSERT_TRUE(process.read_until("sky"));
  process.close_output();
  const Outcome outcome = process.wait();
  EXPECT_EQ(outcome.exit_code, 141);
  EXPECT_EQ(outcome.err, "");
  EXPECT_EQ(cancels(), 1U);
}

TEST_F(Script, head_gets_its_bytes) {
  const Outcome outcome = shell("rellama -m rellama-demo/echo 'one two three four' | head -c 7");
  EXPECT_EQ(outcome.out, "one two");
}

TEST_F(Script, each_signal_cancels_and_has_its_exit_code) {
  for (const auto& [signal, exit_code] : {std::pair(SIGINT, 130), {SIGTERM, 143}, {SIGHUP, 129}}) {
    start_endless_emulator();
    Process process(launch({kEndless, kEndlessToo, "Why is the sky blue?"}));
    ASSERT_TRUE(process.read_until("sky"));
    process.send_signal(signal);
    const Outcome outcome = process.wait();
    EXPECT_EQ(outcome.exit_code, exit_code);
    EXPECT_TRUE(outcome.out.ends_with('\n')) << "what arrived is kept, and the line is ended";
    EXPECT_EQ(cancels(), 1U);
  }
}

TEST_F(Script, a_second_interrupt_quits_at_once) {
  start_emulator_with({"stream:stall@3", "cancel:ok"});
  emulator::EmulatorOptions options;
  options.token_rate = 20;
  options.latency = std::chrono::minutes(1);
  Process process(launch({"Why is the sky blue?"}));
  ASSERT_TRUE(process.read_until("The"));
  process.send_signal(SIGINT);
  process.send_signal(SIGINT);
  EXPECT_EQ(process.wait().exit_code, 130);
}

TEST_F(Script, the_output_ends_with_exactly_one_newline) {
  EXPECT_EQ(rellama({"-m", kEcho}, "ends with blank lines\n\n\n").out, "ends with blank lines\n");
  EXPECT_EQ(rellama({"-m", kEcho, "without"}).out, "without\n");
}

TEST_F(Script, bytes_are_not_altered_in_a_pipe) {
  const std::string text = "\x1b[31mred\x1b[0m \x07 \xE2\x80\xAE tab\there\r\nend";
  // An argument: carriage returns at line ends are left out of standard input.
  EXPECT_EQ(rellama({"-m", kEcho, "--no-stream", text}).out, text + "\n");
}

TEST_F(Script, the_dry_run_is_a_curl_command_that_works) {
  const std::string prompt = "it's \"$HOME\" `date` \\ \xF0\x9F\xA6\x99\nnew line";
  const Outcome printed = rellama({"--dry-run", "-m", kEcho}, prompt);
  EXPECT_EQ(printed.exit_code, 0);
  EXPECT_NE(printed.out.find("$REPLICATE_API_TOKEN"), std::string::npos);
  EXPECT_EQ(printed.out.find("r8_test"), std::string::npos);
  EXPECT_TRUE(emulator_->requests().empty()) << "a dry run sends nothing";
  // A shell prints the arguments for curl; the prompt is one of them, letter for letter.
  const Outcome words = shell("curl() { printf '%s\\0' \"$@\"; }; " + printed.out);
  EXPECT_EQ(words.exit_code, 0) << words.err;
  const std::size_t body = words.out.find("{\"input\"");
  ASSERT_NE(body, std::string::npos);
  const auto json =
      nlohmann::json::parse(words.out.substr(body, words.out.find('\0', body) - body));
  EXPECT_EQ(json["input"]["prompt"], prompt);
}

TEST_F(Script, the_dry_run_needs_no_token_and_comes_as_json_too) {
  Launch without = launch({"--dry-run=json", "Hello"});
  without.environment.erase("REPLICATE_API_TOKEN");
  const auto request = nlohmann::json::parse(run(without).out);
  EXPECT_EQ(request["method"], "POST");
  EXPECT_TRUE(request["url"].get<std::string>().ends_with("/meta/llama-2-70b-chat/predictions"));
  EXPECT_EQ(request["body"]["input"]["prompt"], "Hello");
  EXPECT_EQ(request["headers"]["Authorization"], "Bearer $REPLICATE_API_TOKEN");
}

TEST_F(Script, arguments_after_two_dashes_are_always_a_prompt) {
  EXPECT_EQ(rellama({"-m", kEcho, "--", "auth", "--me"}).out, "auth --me\n");
  EXPECT_EQ(rellama({"-m", kEcho, "auth me"}).out, "auth me\n");
}

TEST_F(Script, quiet_leaves_stderr_empty) {
  start_emulator_with({"create:429@0*1"});
  const Outcome outcome = rellama({"-q", "-m", kEcho, "Hello"});
  EXPECT_EQ(outcome.out, "Hello\n");
  EXPECT_EQ(outcome.err, "");
}

TEST_F(Script, the_token_is_not_in_the_logs) {
  const std::string log = home_.string() + "/log";
  const Outcome outcome = rellama({"-v", "-v", "--log-file", log, "-m", kEcho, "Hello"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_NE(outcome.err.find("POST"), std::string::npos) << "-v shows the requests";
  EXPECT_EQ(outcome.err.find("r8_test"), std::string::npos);
  const Outcome logged = shell("cat " + log);
  EXPECT_NE(logged.out.find("POST"), std::string::npos);
  EXPECT_EQ(logged.out.find("r8_test"), std::string::npos);
}

}  // namespace
}  // namespace rellama::test

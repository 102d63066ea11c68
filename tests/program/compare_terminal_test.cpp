// `rellama compare` on a pseudo-terminal of 24 lines and 80 columns.

#include <thread>

#include "program/program_test.hpp"
#include "support/expect_error.hpp"

namespace rellama::test {
namespace {

constexpr const char* kErase = "\r\x1b[J";

class CompareOnTerminal : public ProgramTest {
 protected:
  [[nodiscard]] Launch on_terminal(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "compare");
    Launch launch = this->launch(std::move(arguments));
    launch.on_terminal = true;
    return launch;
  }
  void start_slow_emulator() {
    emulator::EmulatorOptions options;
    options.token_rate = 20;
    start_emulator(options);
  }
};

const std::vector<std::string> kTwo{"-m", kEcho, "-m", "rellama-demo/echo-bytes", "Hello"};

std::string rule(std::size_t width) {
  std::string half;
  for (std::size_t i = 0; i < width; ++i) half += "─";
  return half + "─┼─" + half;
}

TEST_F(CompareOnTerminal, answers_appear_side_by_side) {
  const Outcome outcome = run(on_terminal(kTwo));
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  const std::string blanks(38 - 5, ' ');
  EXPECT_TRUE(holds(outcome.err, rule(38) + "\r\nHello" + blanks + " │ Hello\r\n\r\nRUN "));
}

TEST_F(CompareOnTerminal, a_failure_is_reported_in_its_column) {
  const Outcome outcome = run(on_terminal({"-m", kEcho, "-m", "no/body", "Hello"}));
  EXPECT_EQ(outcome.exit_code, 12);
  EXPECT_TRUE(holds(outcome.err, " │ error: cannot run no/body:"));
  EXPECT_TRUE(holds(outcome.err, "1 of 2 runs failed"));
}

TEST_F(CompareOnTerminal, at_the_end_a_long_answer_is_shown_completely) {
  std::string lines;
  for (int i = 100; i < 200; ++i) lines += "line " + std::to_string(i) + "\n";
  const Outcome outcome = run(
      on_terminal({"-m", kEcho, "-m", "rellama-demo/echo-bytes", "-f", file("lines.txt", lines)}));
  const std::string end = outcome.err.substr(outcome.err.rfind(kErase));
  for (int i = 100; i < 200; ++i) {
    const std::string line = "line " + std::to_string(i);
    EXPECT_TRUE(holds(end, "\n" + line + std::string(30, ' ') + " │ " + line));
  }
}

TEST_F(CompareOnTerminal, a_window_that_becomes_narrower_gets_narrower_columns) {
  start_slow_emulator();
  Process process(on_terminal({"-m", "7b", "-m", "13b", "Hi?"}));
  ASSERT_TRUE(process.read_until(rule(38) + "\x1b[K"));
  process.resize(24, 60);
  ASSERT_TRUE(process.read_until(rule(28) + "\x1b[K"));
  process.type("\x03");
  EXPECT_EQ(process.wait().exit_code, 130);
}

TEST_F(CompareOnTerminal, a_narrow_or_dumb_terminal_gets_one_answer_after_another) {
  Launch narrow = on_terminal(kTwo);
  narrow.environment["COLUMNS"] = "51";
  Launch dumb = on_terminal(kTwo);
  dumb.environment["TERM"] = "dumb";
  for (const Launch& launch : {narrow, dumb}) {
    const Outcome outcome = run(launch);
    EXPECT_TRUE(holds(outcome.err, "== rellama-demo/echo-bytes =="));
    EXPECT_EQ(outcome.err.find("┼"), std::string::npos);
  }
  EXPECT_EQ(run(dumb).err.find('\x1b'), std::string::npos);
  narrow.environment["COLUMNS"] = "52";
  EXPECT_TRUE(holds(run(narrow).err, rule(24)));
}

TEST_F(CompareOnTerminal, headings_are_bold_unless_color_is_off) {
  EXPECT_TRUE(holds(run(on_terminal(kTwo)).err, "\x1b[1mrellama-demo/echo\x1b[0m"));
  Launch plain = on_terminal(kTwo);
  plain.environment["NO_COLOR"] = "1";
  const Outcome outcome = run(plain);
  EXPECT_EQ(outcome.err.find("\x1b[1m"), std::string::npos);
  EXPECT_TRUE(holds(outcome.err, rule(38)));
}

TEST_F(CompareOnTerminal, a_terminal_without_utf8_gets_ascii_lines) {
  Launch plain = on_terminal(kTwo);
  plain.environment["LC_ALL"] = "C";
  EXPECT_TRUE(holds(run(plain).err, " | Hello"));
}

TEST_F(CompareOnTerminal, ctrl_c_cancels_all_runs_and_keeps_what_arrived) {
  start_slow_emulator();
  Process process(on_terminal({"-m", "7b", "-m", "13b", "Why is the sky blue?"}));
  ASSERT_TRUE(process.read_until("sky"));
  while (streams() < 2) std::this_thread::yield();
  process.type("\x03");
  const Outcome outcome = process.wait();
  EXPECT_EQ(outcome.exit_code, 130);
  EXPECT_EQ(cancels(), 2U);
  const std::string end = outcome.err.substr(outcome.err.rfind(kErase));
  EXPECT_TRUE(holds(end, "sky"));
  EXPECT_TRUE(holds(end, "error: interrupted"));
  EXPECT_TRUE(holds(end, "rellama:"));
}

TEST_F(CompareOnTerminal, a_warning_appears_above_the_columns) {
  start_emulator_with({"create:lost*1"});
  const Outcome outcome = run(on_terminal(kTwo));
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  const auto warning = outcome.err.find("rellama: the response to the create request was lost");
  ASSERT_NE(warning, std::string::npos) << outcome.err;
  EXPECT_LT(warning, outcome.err.rfind(rule(38)));
}

TEST_F(CompareOnTerminal, the_models_do_not_control_the_terminal) {
  const std::string evil = file("evil.txt", "\x1b]0;owned\x07 \xE2\x80\xAE end");
  const Outcome outcome =
      run(on_terminal({"-m", kEcho, "-m", "rellama-demo/echo-bytes", "-f", evil}));
  EXPECT_EQ(outcome.err.find("\x1b]"), std::string::npos);
  EXPECT_EQ(outcome.err.find('\x07'), std::string::npos);
  EXPECT_EQ(outcome.err.find("\xE2\x80\xAE"), std::string::npos);
  EXPECT_TRUE(holds(outcome.err, "<U+202E>"));
}

TEST_F(CompareOnTerminal, output_that_is_not_text_is_shown_in_its_column) {
  const Outcome outcome =
      run(on_terminal({"-m", "rellama-demo/detector", "-m", "rellama-demo/echo", "words"}));
  EXPECT_TRUE(holds(outcome.err, "{\"word\":\"words\",\"at\":0}"));
}

TEST_F(CompareOnTerminal, the_log_and_the_columns_do_not_mix) {
  auto arguments = kTwo;
  arguments.emplace_back("-v");
  const Outcome outcome = run(on_terminal(arguments));
  EXPECT_EQ(outcome.err.find("┼"), std::string::npos);
  EXPECT_TRUE(holds(outcome.err, "== rellama-demo/echo =="));
}

}  // namespace
}  // namespace rellama::test

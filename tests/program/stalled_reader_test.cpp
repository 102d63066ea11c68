// Readers that stand still or go away, and signals that come at any time.

#include <signal.h>

#include <thread>

#include "program/program_test.hpp"

namespace rellama::test {
namespace {

constexpr const char* kEndless = "--min-new-tokens=30000";
constexpr const char* kEndlessToo = "--max-new-tokens=30000";

/// How an answer is printed.
struct Format {
  const char* name;
  std::vector<std::string> arguments;
  bool prints_early = true;  ///< text is printed as it arrives
  std::size_t runs = 1;
};

/// What ends a run. The time is longer than a cancel may take: it must not count against it.
struct Ending {
  const char* name;
  int exit_code;
  std::vector<int> signals = {};
  std::vector<std::string> arguments = {};
};

const std::vector<Format> kFormats{
    {"text", {}},
    {"json", {"--json"}, false},
    {"jsonl", {"--jsonl"}, false},
    {"extract", {"-x"}, false},
    {"markdown", {"--markdown=always"}},
    {"compare", {"compare", "-m", "7b", "-m", "13b"}, true, 2},
    {"compare_json", {"compare", "-m", "7b", "-m", "13b", "--json"}, false, 2},
    {"compare_jsonl", {"compare", "-m", "7b", "-m", "13b", "--jsonl"}, false, 2},
    {"chat", {"chat", "--no-validate"}},
};

const std::vector<Ending> kEndings{
    {"SIGINT", 130, {SIGINT}},
    {"SIGTERM", 143, {SIGTERM}},
    {"SIGHUP", 129, {SIGHUP}},
    {"SIGQUIT", 143, {SIGQUIT}},
    {"SIGABRT", 143, {SIGABRT}},
    {"SIGUSR1_SIGUSR2_SIGINT", 130, {SIGUSR1, SIGUSR2, SIGUSR2, SIGINT}},
    {"SIGTERM_twice", 143, {SIGTERM, SIGTERM}},
    {"timeout", 124, {}, {"--timeout", "3"}},
};

std::vector<std::string> operator+(std::vector<std::string> left,
                                   const std::vector<std::string>& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

class Reader : public ProgramTest {
 protected:
  void start_endless_emulator() {
    emulator::EmulatorOptions options;
    options.context_window = 1'000'000;
    options.token_rate = 1000;
    start_emulator(options);
  }
  void start_cold_emulator() {
    emulator::EmulatorOptions options;
    options.cold_boot = std::chrono::hours(1);
    start_emulator(options);
  }
  void wait_for_creates(std::size_t count) const {
    while (creates() < count) std::this_thread::yield();
  }
  void wait_for_streams(std::size_t count) const {
    while (streams() < count) std::this_thread::yield();
  }
  static const std::vector<std::string>& endless() {
    static const std::vector<std::string> arguments{kEndless, kEndlessToo};
    return arguments;
  }
  /// Chat reads its message from standard input, which stays open.
  [[nodiscard]] static std::vector<std::string> prompt() { return {"Why is the sky blue?"}; }
};

class StalledReader : public Reader,
                      public testing::WithParamInterface<std::tuple<Format, Ending>> {};

TEST_P(StalledReader, does_not_make_it_deaf) {
  const auto& [format, ending] = GetParam();
  start_endless_emulator();
  Launch launch = this->launch(format.arguments + endless() + ending.arguments + prompt());
  // What is printed early fills the pipe. What comes later finds it full.
  launch.output_room = format.prints_early ? 4096 : 0;
  Process process(launch);
  if (!ending.signals.empty()) {
    wait_for_streams(format.arguments == std::vector<std::string>{"--jsonl"} ? 0 : format.runs);
    wait_for_creates(format.runs);
    while (format.prints_early && process.unread_output() < 2000) std::this_thread::yield();
  }
  for (const int signal : ending.signals) process.send_signal(signal);
  EXPECT_EQ(process.wait_without_reading(), ending.exit_code);
  EXPECT_EQ(creates(), format.runs);
  EXPECT_EQ(cancels(), format.runs);
}

INSTANTIATE_TEST_SUITE_P(Every, StalledReader,
                         testing::Combine(testing::ValuesIn(kFormats), testing::ValuesIn(kEndings)),
                         [](const auto& tested) {
                           return std::string(std::get<Format>(tested.param).name) + "_" +
                                  std::get<Ending>(tested.param).name;
                         });

class StoppedTerminal : public Reader,
                        public testing::WithParamInterface<std::tuple<Format, Ending>> {};

TEST_P(StoppedTerminal, does_not_make_it_deaf) {
  const auto& [format, ending] = GetParam();
  start_endless_emulator();
  Launch launch = this->launch(format.arguments + endless() + ending.arguments + prompt());
  launch.on_terminal = true;
  Process process(launch);
  if (format.prints_early) {
    ASSERT_TRUE(process.read_until("blue"));
  } else {
    wait_for_creates(format.runs);
  }
  process.type("\x13");  // Ctrl-S
  for (const int signal : ending.signals) process.send_signal(signal);
  EXPECT_EQ(process.wait_without_reading(), ending.exit_code);
  EXPECT_EQ(cancels(), format.runs);
}

// A chat goes on after Ctrl-C and --timeout.
const std::vector<Format> kFormatsOnTerminal(kFormats.begin(), kFormats.end() - 1);
INSTANTIATE_TEST_SUITE_P(Every, StoppedTerminal,
                         testing::Combine(testing::ValuesIn(kFormatsOnTerminal),
                                          testing::ValuesIn(kEndings)),
                         [](const auto& tested) {
                           return std::string(std::get<Format>(tested.param).name) + "_" +
                                  std::get<Ending>(tested.param).name;
                         });

class LostReader : public Reader, public testing::WithParamInterface<Format> {};

TEST_P(LostReader, is_noticed_during_a_cold_boot) {
  const Format& format = GetParam();
  start_cold_emulator();
  Process process(launch(format.arguments + prompt()));
  wait_for_creates(format.runs);
  process.close_output();
  const Outcome outcome = process.wait();
  EXPECT_EQ(outcome.exit_code, 141);
  EXPECT_EQ(outcome.err, "");
  EXPECT_EQ(cancels(), format.runs);
}

INSTANTIATE_TEST_SUITE_P(Every, LostReader, testing::ValuesIn(kFormats),
                         [](const auto& tested) { return std::string(tested.param.name); });

TEST_F(Reader, that_is_gone_before_the_prompt_is_complete_costs_nothing) {
  Launch typing = launch({"--json", "-"});
  typing.on_terminal = true;  // a person who has not typed Ctrl-D
  typing.pipe_output = true;
  Process process(typing);
  process.close_output();
  EXPECT_EQ(process.wait().exit_code, 141);
  EXPECT_EQ(creates(), 0U);
}

TEST_F(Reader, of_standard_output_does_not_matter_if_the_answer_is_saved) {
  emulator::EmulatorOptions options;
  options.cold_boot = std::chrono::milliseconds(300);
  start_emulator(options);
  Process process(launch({"-q", "-m", kEcho, "-O", (home_ / "answer").string(), "Hello"}));
  process.close_output();
  EXPECT_EQ(process.wait().exit_code, 0);
  EXPECT_EQ(creates(), 1U);
  EXPECT_EQ(cancels(), 0U);
}

TEST_F(Reader, that_left_a_chat_ends_it_at_the_prompt) {
  Launch chat = launch({"chat", "-m", kEcho, "Hello"});
  chat.on_terminal = true;
  chat.pipe_output = true;
  Process process(chat);
  ASSERT_TRUE(process.read_until("Hello"));
  process.close_output();
  EXPECT_EQ(process.wait().exit_code, 141);
}

TEST_F(Reader, a_stopped_terminal_does_not_keep_a_chat_at_its_prompt) {
  for (const auto& [signal, code] : {std::pair{SIGTERM, 143}, {SIGHUP, 129}}) {
    Launch chat = launch({"chat", "--markdown", "never"});
    chat.on_terminal = true;
    Process process(chat);
    ASSERT_TRUE(process.read_until("Ctrl-D to quit"));
    ASSERT_TRUE(process.read_until("> "));
    process.type("\x13typed blindly");
    process.send_signal(SIGINT);
    process.send_signal(signal);
    EXPECT_EQ(process.wait_without_reading(), code);
  }
}

TEST_F(Reader, many_signals_during_a_cold_boot_cancel_once) {
  for (const int first : {SIGINT, SIGTERM, SIGHUP}) {
    start_cold_emulator();
    Process process(launch(prompt()));
    wait_for_creates(1);
    for (int i = 0; i < 1000; ++i) process.send_signal(i % 2 == 0 ? SIGUSR1 : SIGUSR2);
    process.send_signal(first);
    process.wait();
    EXPECT_EQ(cancels(), 1U);
  }
}

TEST_F(Reader, a_signal_before_the_prompt_is_read_has_its_exit_code) {
  for (const auto& [signal, code] : {std::pair{SIGINT, 130}, {SIGTERM, 143}, {SIGHUP, 129}}) {
    Launch typing = launch({"-"});
    typing.on_terminal = true;  // a person who has not typed Ctrl-D
    Process process(typing);
    process.send_signal(signal);
    const int exit_code = process.wait().exit_code;
    EXPECT_TRUE(exit_code == code || exit_code == -signal) << "or before main: " << exit_code;
    EXPECT_EQ(creates(), 0U);
  }
}

}  // namespace
}  // namespace rellama::test

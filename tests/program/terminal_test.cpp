// What a user sees on a terminal.

#include <signal.h>

#include "program/program_test.hpp"
#include "support/raw_server.hpp"

namespace rellama::test {
namespace {

class Terminal : public ProgramTest {
 protected:
  [[nodiscard]] Launch on_terminal(std::vector<std::string> arguments) const {
    Launch launch = this->launch(std::move(arguments));
    launch.on_terminal = true;
    return launch;
  }
};

TEST_F(Terminal, no_arguments_print_short_help_and_exit_2) {
  const Outcome outcome = run(on_terminal({}));
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_NE(outcome.err.find("usage: rellama"), std::string::npos);
  EXPECT_NE(outcome.err.find("--demo"), std::string::npos);
}

TEST_F(Terminal, the_answer_is_shown) {
  const Outcome outcome = run(on_terminal({"-m", kEcho, "Hello"}));
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_NE(outcome.err.find("Hello\r\n"), std::string::npos) << outcome.err;
}

TEST_F(Terminal, the_spinner_shows_the_state_and_disappears_before_the_answer) {
  emulator::EmulatorOptions options;
  options.cold_boot = std::chrono::milliseconds(400);
  start_emulator(options);
  const Outcome outcome = run(on_terminal({"-m", kEcho, "Hello"}));
  const std::size_t spinner = outcome.err.find("queued");
  const std::size_t erased = outcome.err.rfind("\r\x1b[K");
  const std::size_t answer = outcome.err.find("Hello");
  ASSERT_NE(spinner, std::string::npos) << outcome.err;
  ASSERT_NE(erased, std::string::npos) << outcome.err;
  EXPECT_LT(spinner, erased);
  EXPECT_LT(erased, answer);
}

TEST_F(Terminal, words_that_wait_for_the_end_of_stdin_say_so) {
  Launch waiting = on_terminal({"-c", "sleep 1000 | " RELLAMA_PROGRAM " hi"});
  waiting.program = "/bin/bash";
  Process process(waiting);
  EXPECT_TRUE(process.read_until("reading standard input before the words; end it, or use"));
  process.type("\x03");
  process.wait();
  EXPECT_EQ(creates(), 0U);
}

TEST_F(Terminal, a_dumb_terminal_gets_no_spinner) {
  emulator::EmulatorOptions options;
  options.cold_boot = std::chrono::milliseconds(300);
  start_emulator(options);
  Launch dumb = on_terminal({"-m", kEcho, "Hello"});
  dumb.environment["TERM"] = "dumb";
  EXPECT_EQ(run(dumb).err.find('\x1b'), std::string::npos);
}

TEST_F(Terminal, the_model_does_not_control_the_terminal) {
  const std::string evil = file("evil.txt",
                                "\x1b]0;owned\x07 \x1b[2J \xC2\x9B"
                                "31m \xE2\x80\xAE");
  const Outcome outcome = run(on_terminal({"-m", kEcho, "-q", "-f", evil}));
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.err.find('\x1b'), std::string::npos);
  EXPECT_EQ(outcome.err.find('\x07'), std::string::npos);
  EXPECT_EQ(outcome.err.find("\xC2\x9B"), std::string::npos);
  EXPECT_EQ(outcome.err.find("\xE2\x80\xAE"), std::string::npos);
  EXPECT_NE(outcome.err.find("\xE2\x90\x9B[2J"), std::string::npos) << "shown, not run";
}

TEST_F(Terminal, no_command_lets_a_server_control_it) {
  // OSC 52 and clear-screen, DEL, C1, a bidirectional control, and an invisible character.
  const std::string json = R"(a\u001b]52;c;cm0=\u0007\u001b[2J\u007f\u009b31m\u202e\u200bz)";
  const std::string object =
      R"({"id":")" + json + R"(","owner":")" + json + R"(","name":")" + json +
      R"(","description":")" + json + R"(","status":"succeeded","model":")" + json +
      R"(","version":")" + json + R"(","output":")" + json + R"(","input":{"prompt":")" + json +
      R"("},"logs":")" + json + R"(","created_at":")" + json + R"(","metrics":{")" + json +
      R"(":1},"latest_version":{"id":")" + json + R"("}})";
  const std::string list = R"({"results":[)" + object + "]}";
  const std::vector<std::pair<std::vector<std::string>, std::string>> commands = {
      {{"--detach", "Hi"}, object},
      {{"--detach", "--json", "Hi"}, object},
      {{"--detach", "--jsonl", "Hi"}, object},
      {{"--json", "Hi"}, object},
      {{"--jsonl", "Hi"}, object},
      {{"predictions", "list"}, list},
      {{"predictions", "list", "--json"}, list},
      {{"predictions", "show", "p1"}, object},
      {{"predictions", "show", "p1", "--json"}, object},
      {{"models", "search", "x"}, list},
      {{"models", "search", "x", "--json"}, list},
      {{"models", "show", "a/b"}, object},
      {{"models", "show", "a/b", "--json"}, object},
      {{"history", "export", "--all", "--json"}, {}},
      {{"history", "list", "--json"}, {}},
      {{"history", "show", "1"}, {}},
      {{"--dry-run", "a\x7f\xC2\x9B\xE2\x80\xAE\xE2\x80\x8Bz"}, {}},
      {{"--dry-run=json", "a\x7f\xC2\x9B\xE2\x80\xAE\xE2\x80\x8Bz"}, {}},
      {{"-c", "--dry-run", "Hi"}, {}},
  };
  for (const auto& [command, body] : commands) {
    RawServer server({reply(200, body), reply(200, body)});
    Launch launch = on_terminal(command);
    launch.environment["REPLICATE_BASE_URL"] = server.url();
    const std::string screen = run(launch).err;
    const std::string name = command.front() + " " + (command.size() > 1 ? command[1] : "");
    EXPECT_FALSE(screen.empty()) << name;
    for (const std::string bad :
         {"\x1b]", "\x1b[2J", "\x07", "\x7f", "\xC2\x9B", "\xE2\x80\xAE", "\xE2\x80\x8B"}) {
      EXPECT_EQ(screen.find(bad), std::string::npos) << name << ": " << screen;
    }
  }
}

TEST_F(Terminal, raw_lets_control_characters_through) {
  const std::string path = file("red.txt", "\x1b[31mred");
  EXPECT_NE(run(on_terminal({"-m", kEcho, "-q", "--raw", "-f", path})).err.find("\x1b[31mred"),
            std::string::npos);
}

TEST_F(Terminal, ctrl_c_ends_the_answer_and_cancels_it) {
  emulator::EmulatorOptions options;
  options.token_rate = 20;
  start_emulator(options);
  Process process(on_terminal({"Why is the sky blue?"}));
  ASSERT_TRUE(process.read_until("sky"));
  process.type("\x03");
  const Outcome outcome = process.wait();
  EXPECT_EQ(outcome.exit_code, 130);
  EXPECT_NE(outcome.err.find("interrupted"), std::string::npos);
  EXPECT_EQ(cancels(), 1U);
}

TEST_F(Terminal, a_token_typed_at_the_prompt_is_hidden_and_stored) {
  Launch login = on_terminal({"auth", "login"});
  login.environment.erase("REPLICATE_API_TOKEN");
  Process process(login);
  ASSERT_TRUE(process.read_until("not shown"));
  process.type("r8_secret\n");
  const Outcome outcome = process.wait();
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(outcome.err.find("r8_secret"), std::string::npos);
  const Outcome mode = shell("stat -c %a ~/.config/rellama/token; cat ~/.config/rellama/token");
  EXPECT_EQ(mode.out, "600\nr8_secret\n");
}

TEST_F(Terminal, waiting_for_standard_input_is_explained) {
  Launch waiting = on_terminal({"-c", "(read x </dev/tty) | rellama -m rellama-demo/echo hi"});
  waiting.program = "/bin/bash";
  waiting.environment["PATH"] =
      std::filesystem::path(RELLAMA_PROGRAM).parent_path().string() + ":/usr/bin:/bin";
  Process process(waiting);
  ASSERT_TRUE(process.read_until("reading standard input before the words"));
  process.type("\n");
  ASSERT_TRUE(process.read_until("hi\r\n"));
  EXPECT_EQ(process.wait().exit_code, 0);
}

TEST_F(Terminal, json_after_ctrl_c_says_canceled) {
  emulator::EmulatorOptions options;
  options.token_rate = 20;
  start_emulator(options);
  Launch json = on_terminal({"--json", "-q", "Why is the sky blue?"});
  json.pipe_output = true;
  Process process(json);
  while (creates() == 0) {
  }
  while (streams() == 0) {
  }
  process.type("\x03");
  const Outcome outcome = process.wait();
  EXPECT_EQ(outcome.exit_code, 130);
  EXPECT_NE(outcome.out.find("\"status\":\"canceled\""), std::string::npos) << outcome.out;
}

TEST_F(Terminal, an_error_is_colored_only_if_color_is_on) {
  EXPECT_NE(run(on_terminal({"--bogus"})).err.find("\x1b["), std::string::npos);
  Launch plain = on_terminal({"--bogus"});
  plain.environment["NO_COLOR"] = "1";
  EXPECT_EQ(run(plain).err.find("\x1b["), std::string::npos);
  EXPECT_EQ(rellama({"--bogus"}).err.find("\x1b["), std::string::npos);
}

}  // namespace
}  // namespace rellama::test

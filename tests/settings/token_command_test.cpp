#include "settings/token_command.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "support/expect_error.hpp"
#include "system/child_process.hpp"

namespace rellama::settings {
namespace {

using std::chrono::milliseconds;
using test::holds;

constexpr milliseconds kPlenty{30'000};

std::string refusal_of(const std::string& command, milliseconds limit = kPlenty) {
  const Error error = test::error_of([&] { (void)ask_token_command(command, limit); });
  EXPECT_EQ(error.kind(), ErrorKind::unauthorized) << error.what();
  return error.what();
}

TEST(TokenCommand, the_first_line_is_the_token) {
  EXPECT_EQ(ask_token_command("echo r8_first; echo user: ann").reveal(), "r8_first");
  EXPECT_EQ(ask_token_command("printf '  r8_bare'").reveal(), "r8_bare");
}

TEST(TokenCommand, a_failure_says_how_it_ended_without_its_output) {
  const std::string failed = refusal_of("echo r8_secret; exit 3");
  EXPECT_TRUE(holds(failed, "it failed (exit status 3)")) << failed;
  EXPECT_FALSE(holds(failed, "r8_secret")) << failed;
  EXPECT_TRUE(holds(refusal_of("kill -TERM $$"), "signal 15"));
  EXPECT_TRUE(holds(refusal_of("no-such-password-manager 2>/dev/null"), "status 127"));
}

TEST(TokenCommand, an_invalid_token_is_not_shown) {
  EXPECT_TRUE(holds(refusal_of("true"), "first line is empty"));
  EXPECT_TRUE(holds(refusal_of("echo; echo r8_second"), "first line is empty"));
  const std::string no_token = refusal_of("printf 'se\\tcret\\n'");
  EXPECT_TRUE(holds(no_token, "first line is not a valid token")) << no_token;
  EXPECT_FALSE(holds(no_token, "cret")) << no_token;
}

TEST(TokenCommand, one_that_runs_too_long_is_killed) {
  EXPECT_TRUE(holds(refusal_of("exec sleep 600", milliseconds(20)), "it failed (timed out)"));
  // It closed its output, but keeps running.
  EXPECT_TRUE(holds(refusal_of("echo r8_x; exec sleep 600 >&-", milliseconds(20)), "timed out"));
}

// Returns at the end of the FIFO, which is when the last process that writes to it is gone.
void wait_for_end(int fifo) {
  char byte = 0;
  while (::read(fifo, &byte, 1) > 0) {
  }
  ::close(fifo);
}

TEST(TokenCommand, stopping_the_run_kills_it_with_what_it_started) {
  if (system::has_terminal()) GTEST_SKIP() << "there it shares our process group";
  std::string name = testing::TempDir() + "token-command-XXXXXX";
  const std::filesystem::path directory = ::mkdtemp(name.data());
  const std::string fifo = directory / "fifo";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  StopSource stop;
  std::thread stopper([&] {
    const int opened = ::open(fifo.c_str(), O_RDONLY);
    char byte = 0;
    EXPECT_EQ(::read(opened, &byte, 1), 1) << "it has started";
    stop.request(ErrorKind::terminated);
    wait_for_end(opened);
  });
  const std::string command = "sleep 600 >" + fifo + " & echo >" + fifo + "; sleep 600";
  const Error error =
      test::error_of([&] { (void)ask_token_command(command, kPlenty, stop.token()); });
  EXPECT_EQ(error.kind(), ErrorKind::terminated);
  stopper.join();
  std::filesystem::remove_all(directory);
}

TEST(TokenCommand, background_processes_are_not_waited_for) {
  EXPECT_EQ(ask_token_command("echo r8_x; sleep 40 2>/dev/null &", kPlenty).reveal(), "r8_x");
}

TEST(TokenCommand, more_output_than_is_captured_does_not_block_it) {
  EXPECT_EQ(ask_token_command("echo r8_x; head -c 1000000 /dev/zero").reveal(), "r8_x");
}

TEST(TokenCommand, it_does_not_see_the_token_variable_but_sees_the_others) {
  ::setenv("REPLICATE_API_TOKEN", "r8_variable", 1);
  ::setenv("RELLAMA_TEST_OTHER", "r8_other", 1);
  const auto token = ask_token_command("echo \"$RELLAMA_TEST_OTHER$REPLICATE_API_TOKEN\"");
  ::unsetenv("REPLICATE_API_TOKEN");
  ::unsetenv("RELLAMA_TEST_OTHER");
  EXPECT_EQ(token.reveal(), "r8_other");
}

TEST(TokenCommand, a_closed_pipe_ends_programs_in_the_command) {
  // In this process SIGPIPE may be ignored; `yes` would then complain and fail.
  EXPECT_EQ(system::capture_output("yes | head -n 1", kPlenty).output, "y\n");
}

TEST(TokenCommand, interrupting_it_is_reported_as_an_interrupt) {
  ::signal(SIGINT, SIG_DFL);  // a runner in the background may have ignored it
  const Error error = test::error_of([] { (void)ask_token_command("kill -INT $$", kPlenty); });
  EXPECT_EQ(error.kind(), ErrorKind::interrupted);
}

}  // namespace
}  // namespace rellama::settings

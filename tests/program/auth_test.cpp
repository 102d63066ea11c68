// `rellama auth`: the token is stored, found, checked, removed, and never shown.

#include <sys/stat.h>

#include "program/program_test.hpp"

namespace rellama::test {
namespace {

class Auth : public ProgramTest {
 protected:
  [[nodiscard]] Outcome without_variable(std::vector<std::string> arguments,
                                         std::optional<std::string> input = {}) const {
    Launch launch = this->launch(std::move(arguments));
    launch.environment.erase("REPLICATE_API_TOKEN");
    launch.input = std::move(input);
    return run(launch);
  }
};

TEST_F(Auth, login_status_a_prompt_and_logout_work) {
  EXPECT_EQ(without_variable({"auth", "login"}, "r8_stored\n").exit_code, 0);
  const Outcome status = without_variable({"auth", "status"});
  EXPECT_EQ(status.exit_code, 0) << status.err;
  EXPECT_NE(status.out.find(".config/rellama/token"), std::string::npos) << status.out;
  EXPECT_EQ(without_variable({"-m", kEcho, "Hello"}).out, "Hello\n");
  EXPECT_EQ(without_variable({"auth", "logout"}).exit_code, 0);
  EXPECT_EQ(without_variable({"auth", "status"}).exit_code, 3);
}

TEST_F(Auth, the_variable_overrides_the_stored_token) {
  ASSERT_EQ(without_variable({"auth", "login", "--no-check"}, "r8_invalid\n").exit_code, 0);
  EXPECT_EQ(rellama({"-m", kEcho, "Hello"}).exit_code, 0);
  EXPECT_EQ(without_variable({"-m", kEcho, "Hello"}).exit_code, 3);
}

TEST_F(Auth, login_checks_the_token_and_stores_only_a_good_one) {
  Outcome outcome = without_variable({"auth", "login"}, "r8_invalid\n");
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_NE(outcome.err.find("the token was not stored"), std::string::npos) << outcome.err;
  EXPECT_FALSE(std::filesystem::exists(home_ / ".config/rellama/token"));
  emulator_->stop();
  outcome = without_variable({"auth", "login", "--retries", "0"}, "r8_good\n");
  EXPECT_EQ(outcome.exit_code, 7);
  EXPECT_NE(outcome.err.find("--no-check"), std::string::npos) << outcome.err;
}

TEST_F(Auth, login_and_logout_name_the_variable_that_is_used_instead) {
  EXPECT_NE(rellama({"auth", "login"}, "r8_stored\n").err.find("REPLICATE_API_TOKEN is set and"),
            std::string::npos);
  const Outcome logout = rellama({"auth", "logout"});
  EXPECT_NE(logout.err.find("REPLICATE_API_TOKEN is still set"), std::string::npos) << logout.err;
  EXPECT_NE(logout.err.find("until you revoke it"), std::string::npos);
}

TEST_F(Auth, a_refused_token_is_named_by_its_place) {
  Launch refused = launch({"hi"});
  refused.environment["REPLICATE_API_TOKEN"] = "r8_invalid";
  EXPECT_NE(run(refused).err.find("the token is from REPLICATE_API_TOKEN"), std::string::npos);
  ASSERT_EQ(without_variable({"auth", "login", "--no-check"}, "r8_invalid\n").exit_code, 0);
  EXPECT_NE(without_variable({"hi"}).err.find("the token is from " + home_.string()),
            std::string::npos);
}

TEST_F(Auth, a_token_file_that_others_can_read_is_refused_with_the_chmod_to_run) {
  const std::string path = file("token", "r8_test\n");
  ::chmod(path.c_str(), 0644);
  const Outcome refused = without_variable({"--token-file", path, "-m", kEcho, "Hello"});
  EXPECT_EQ(refused.exit_code, 3);
  EXPECT_NE(refused.err.find("chmod 600 " + path), std::string::npos) << refused.err;
  ::chmod(path.c_str(), 0600);
  EXPECT_EQ(without_variable({"--token-file", path, "-m", kEcho, "Hello"}).out, "Hello\n");
}

TEST_F(Auth, empty_stdin_is_not_a_token) {
  EXPECT_EQ(without_variable({"auth", "login"}, "\n").exit_code, 2);
}

TEST_F(Auth, a_token_cannot_inject_a_header) {
  EXPECT_EQ(without_variable({"auth", "login"}, "r8_x\r\nEvil: 1\n").exit_code, 2);
}

TEST_F(Auth, every_command_has_help_and_rejects_unknown_arguments) {
  for (const auto& command : {std::vector<std::string>{},
                              {"ask"},
                              {"auth"},
                              {"auth", "login"},
                              {"auth", "status"},
                              {"emulator"}}) {
    auto help = command;
    help.emplace_back("--help");
    const Outcome shown = rellama(help);
    EXPECT_EQ(shown.exit_code, 0);
    EXPECT_NE(shown.out.find("Usage"), std::string::npos) << shown.out;
    auto bogus = command;
    bogus.emplace_back("--bogus");
    EXPECT_EQ(rellama(bogus).exit_code, 2);
  }
  EXPECT_NE(rellama({"--help"}).out.find("130 SIGINT"), std::string::npos)
      << "the exit codes are in --help";
}

}  // namespace
}  // namespace rellama::test

// token_command in the configuration: when it runs, and what is shown of it.

#include "program/config_fixture.hpp"

namespace rellama::test {
namespace {

class TokenCommand : public ConfigFixture {};

TEST_F(TokenCommand, runs_and_its_messages_are_shown) {
  configure("token_command = \"echo r8_test; echo unlocking >&2\"\n");
  const Outcome outcome = with({{"REPLICATE_API_TOKEN", ""}}, {"-m", kEcho}, "the prompt");
  EXPECT_EQ(outcome.out, "the prompt\n") << outcome.err;
  EXPECT_TRUE(holds(outcome.err, "unlocking"));
  const Outcome hungry = [&] {
    configure("token_command = \"cat >/dev/null; echo r8_test\"\n");
    return with({{"REPLICATE_API_TOKEN", ""}}, {"-m", kEcho}, "the prompt");
  }();
  EXPECT_EQ(hungry.out, "the prompt\n") << "what is piped in is not for the command";
}

TEST_F(TokenCommand, runs_once_and_only_if_a_token_is_needed) {
  const std::string log = (home_ / "log").string();
  configure("token_command = \"echo asked >> " + log + "; echo r8_test\"\n");
  const Variables no_token{{"REPLICATE_API_TOKEN", ""}};
  EXPECT_EQ(with(no_token, {"--dry-run", "hi"}).exit_code, 0);
  EXPECT_EQ(with({}, {"-m", kEcho, "hi"}).exit_code, 0);
  EXPECT_EQ(content_of(log), "(no such file)");
  const Outcome detached = with(no_token, {"--detach", "-m", kEcho, "hi"});
  EXPECT_EQ(content_of(log), "asked\n");
  const std::string id = detached.out.substr(0, detached.out.find('\n'));
  EXPECT_EQ(with(no_token, {"predictions", "stream", id}).out, "hi\n");
  EXPECT_EQ(content_of(log), "asked\nasked\n");
}

TEST_F(TokenCommand, a_failure_is_reported_in_one_line_without_its_output) {
  configure("token_command = \"echo r8_secret; exit 1\"\n");
  const Outcome outcome = with({{"REPLICATE_API_TOKEN", ""}}, {"-m", kEcho, "hi"});
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_TRUE(holds(outcome.err, "token_command gave no API token: it failed (exit status 1)"));
  EXPECT_EQ(outcome.err.find("r8_secret"), std::string::npos);
  EXPECT_TRUE(emulator_->requests().empty());
}

TEST_F(TokenCommand, cannot_be_a_flag_or_a_variable) {
  const Outcome flag = rellama({"--token-command", "echo r8_secret", "hi"});
  EXPECT_EQ(flag.exit_code, 2);
  EXPECT_TRUE(holds(flag.err, "set token_command in the configuration"));
  EXPECT_EQ(flag.err.find("r8_secret"), std::string::npos);
  const Outcome variable =
      with({{"REPLICATE_API_TOKEN", ""}, {"RELLAMA_TOKEN_COMMAND", "echo r8_test"}}, {"hi"});
  EXPECT_EQ(variable.exit_code, 3);
}

}  // namespace
}  // namespace rellama::test

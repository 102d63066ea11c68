// Models in Cog containers.

#include <signal.h>

#include "program/program_test.hpp"

namespace rellama::test {
namespace {

class Container : public ProgramTest {
 protected:
  Container() { start_container({}); }

  void start_container(emulator::EmulatorOptions options, const std::string& model = kEcho) {
    options.dialect = emulator::DialectName::cog;
    options.container_model = model;
    start_emulator(options);
  }
  [[nodiscard]] Launch with_container(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"--endpoint", "cog=" + emulator_->base_url()});
    Launch launch = this->launch(std::move(arguments));
    launch.environment.erase("REPLICATE_BASE_URL");
    return launch;
  }
};

TEST_F(Container, answers_without_an_account) {
  Launch ask = with_container({"Hello", "there"});
  ask.environment.erase("REPLICATE_API_TOKEN");
  const Outcome outcome = run(ask);
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "Hello there\n");
}

TEST_F(Container, holds_a_conversation) {
  Launch chat = with_container({});
  chat.arguments.insert(chat.arguments.begin(), "chat");
  chat.environment.erase("REPLICATE_API_TOKEN");
  chat.input = "My name is Ann.\nWho said what?\n/model 7b\n";
  const Outcome outcome = run(chat);
  EXPECT_EQ(outcome.exit_code, 2) << outcome.err;
  EXPECT_NE(outcome.out.find("My name is Ann."), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.err.find("a container runs only its own model"), std::string::npos)
      << outcome.err;

  Launch named = with_container({"-m", "7b"});
  named.arguments.insert(named.arguments.begin(), "chat");
  EXPECT_EQ(run(named).exit_code, 2);
}

TEST_F(Container, a_conversation_continues_on_the_same_container) {
  EXPECT_EQ(run(with_container({"--session", "home", "My secret."})).exit_code, 0);
  const auto asked = emulator_->requests().size();
  // REPLICATE_BASE_URL is unreachable, so the answer comes from the container.
  Launch again = launch({"-c", "And now?"});
  again.environment["REPLICATE_BASE_URL"] = "http://127.0.0.1:1";
  const Outcome outcome = run(again);
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("My secret."), std::string::npos) << outcome.out;
  EXPECT_GT(emulator_->requests().size(), asked);

  Launch elsewhere = launch({"chat", "-m", "7b"});
  elsewhere.input = "/sessions home\n";
  const Outcome refused = run(elsewhere);
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_NE(refused.err.find("rellama chat --session home"), std::string::npos) << refused.err;
}

TEST_F(Container, is_never_sent_the_token) {
  (void)run(with_container({"Hello"}));
  ASSERT_FALSE(emulator_->requests().empty());
  for (const auto& request : emulator_->requests()) EXPECT_FALSE(request.authorized);
}

TEST_F(Container, can_be_set_in_the_environment) {
  Launch ask = launch({"Hello"});
  ask.environment["RELLAMA_ENDPOINT"] = "cog=" + emulator_->base_url();
  EXPECT_EQ(run(ask).out, "Hello\n");
}

TEST_F(Container, prints_json_as_replicate_does) {
  const auto answer = nlohmann::json::parse(run(with_container({"--json", "Hello"})).out);
  EXPECT_EQ(answer["output"], "Hello");
  EXPECT_EQ(answer["status"], "succeeded");
  EXPECT_EQ(answer["id"].get<std::string>().size(), 26U);
}

TEST_F(Container, shows_its_inputs) {
  start_container({}, "meta/llama-2-7b-chat");
  const std::string endpoint = "cog=" + emulator_->base_url();
  const Outcome outcome = rellama({"models", "show", "--endpoint", endpoint});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("temperature"), std::string::npos) << outcome.out;
  EXPECT_EQ(rellama({"models", "show", "70b", "--endpoint", endpoint}).exit_code, 2);
  EXPECT_EQ(rellama({"models", "show"}).exit_code, 2);
}

TEST_F(Container, shows_the_request_of_a_dry_run) {
  const Outcome outcome = run(with_container({"--dry-run", "Hello"}));
  EXPECT_NE(outcome.out.find("--request PUT"), std::string::npos) << outcome.out;
  EXPECT_EQ(outcome.out.find("Authorization"), std::string::npos);
  EXPECT_TRUE(emulator_->requests().empty());
}

TEST_F(Container, failures_have_exit_codes) {
  start_container({.faults = {"predict:failed@2"}});
  EXPECT_EQ(run(with_container({"one two three"})).exit_code, 9);
  start_container({.faults = {"setup:failed"}});
  EXPECT_EQ(run(with_container({"Hello"})).exit_code, 8);
  start_container({.faults = {"create:409"}});
  EXPECT_EQ(run(with_container({"--timeout", "1", "Hello"})).exit_code, 124);
}

TEST_F(Container, ctrl_c_cancels_the_run) {
  emulator::EmulatorOptions options;
  options.token_rate = 20;
  start_container(options);
  Process process(with_container({"one two three four five six seven eight nine ten"}));
  ASSERT_TRUE(process.read_until("three"));
  process.send_signal(SIGINT);
  EXPECT_EQ(process.wait().exit_code, 130);
  EXPECT_EQ(cancels(), 1U);
}

TEST_F(Container, unsupported_options_are_rejected) {
  const std::string endpoint = "cog=" + emulator_->base_url();
  const std::vector<std::vector<std::string>> bad{
      {"--endpoint", endpoint, "-m", "70b", "Hello"},
      {"--endpoint", endpoint, "--detach", "Hello"},
      {"--endpoint", endpoint, "--demo", "Hello"},
      {"--endpoint", endpoint, "--cancel-after", "1m", "Hello"},
      {"--endpoint", endpoint, "--base-url", "http://localhost:1", "Hello"},
      {"--endpoint", "docker=http://localhost:5000", "Hello"},
      {"--endpoint", "cog=", "Hello"},
      {"--endpoint", "cog=localhost:5000", "Hello"},
      {"--endpoint", "cog=http://example.com", "Hello"},
      {"predictions", "list", "--endpoint", endpoint},
      {"emulator", "--no-sse"},
      {"emulator", "--dialect", "cog", "--model", "no/such"},
  };
  for (const auto& arguments : bad) {
    const Outcome outcome = rellama(arguments);
    EXPECT_EQ(outcome.exit_code, 2) << outcome.err;
    EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << outcome.err;
  }
  EXPECT_EQ(count_requests("PUT", ""), 0U);
}

}  // namespace
}  // namespace rellama::test

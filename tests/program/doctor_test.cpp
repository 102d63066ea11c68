// `rellama doctor`: what it finds, and that it reveals no secrets.

#include <signal.h>

#include <algorithm>

#include "program/config_fixture.hpp"
#include "support/raw_server.hpp"

namespace rellama::test {
namespace {

class Doctor : public ConfigFixture {
 protected:
  struct Examined {
    int exit_code = -1;
    std::map<std::string, nlohmann::json> checks;
    std::string text;
  };
  [[nodiscard]] Examined examine(const Variables& variables = {},
                                 std::vector<std::string> flags = {}) const {
    flags.insert(flags.begin(), {"doctor", "--json"});
    const Outcome outcome = with(variables, flags);
    Examined examined{outcome.exit_code, {}, outcome.out};
    const auto document = nlohmann::json::parse(outcome.out, nullptr, false);
    if (document.is_discarded()) {
      ADD_FAILURE() << outcome.out << outcome.err;
      return examined;
    }
    for (const auto& check : document["checks"]) examined.checks[check["name"]] = check;
    return examined;
  }
};

TEST_F(Doctor, a_working_setup_is_ok) {
  const Outcome outcome = with({{"REPLICATE_API_TOKEN", "r8_" + std::string(37, 'x')}}, {"doctor"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  for (const char* name :
       {"config", "files", "terminal", "proxy", "token", "api", "clock", "account", "stream"}) {
    EXPECT_TRUE(holds(outcome.out, "ok    " + std::string(name) + " "));
  }
  EXPECT_EQ(outcome.out.find("xxx"), std::string::npos) << "the token";
  EXPECT_EQ(outcome.err, "");
}

TEST_F(Doctor, the_first_failure_is_the_exit_code) {
  auto examined = examine({{"REPLICATE_API_TOKEN", ""}});
  EXPECT_EQ(examined.exit_code, 3);
  EXPECT_EQ(examined.checks["token"]["status"], "fail");
  EXPECT_TRUE(holds(examined.checks["token"]["remedy"], "rellama auth login"));
  EXPECT_EQ(examined.checks["api"]["status"], "ok") << "it goes on";
  EXPECT_FALSE(examined.checks.contains("account"));
}

TEST_F(Doctor, a_rejected_token_and_a_network_failure_are_told_apart) {
  auto refused = examine({{"REPLICATE_API_TOKEN", "r8_invalid"}});
  EXPECT_EQ(refused.exit_code, 3);
  EXPECT_EQ(refused.checks["token"]["status"], "warn") << "it does not look like one";
  EXPECT_EQ(refused.checks["account"]["status"], "fail");
  EXPECT_EQ(refused.text.find("r8_invalid"), std::string::npos);

  auto unreachable = examine({}, {"--base-url", "http://127.0.0.1:1"});
  EXPECT_EQ(unreachable.exit_code, 7);
  EXPECT_EQ(unreachable.checks["api"]["status"], "fail");
  EXPECT_FALSE(unreachable.checks.contains("account"));
}

TEST_F(Doctor, a_broken_configuration_is_reported_and_its_addresses_are_not_used) {
  configure("modle = \"7b\"\n");
  auto examined = examine();
  EXPECT_EQ(examined.exit_code, 2);
  EXPECT_TRUE(holds(examined.checks["config"]["detail"], "config.toml:1: unknown setting"));
  EXPECT_EQ(examined.checks["network"]["status"], "warn");
  EXPECT_FALSE(examined.checks.contains("account")) << "the token is for another server, perhaps";
  EXPECT_TRUE(examined.checks.contains("terminal"));
  EXPECT_TRUE(emulator_->requests().empty());
}

TEST_F(Doctor, mistakes_in_unused_profiles_are_found) {
  configure("[profile.a]\ntop_k = \"x\"\n");
  EXPECT_EQ(examine().exit_code, 2);
  configure("[profile.a]\nmodel = \"no such model\"\n");
  EXPECT_EQ(examine().exit_code, 2);
}

TEST_F(Doctor, files_that_others_can_read_or_write_are_named) {
  const std::string token = configure("token", "r8_test\n");
  EXPECT_EQ(examine().checks["files"]["status"], "ok");
  ::chmod(token.c_str(), 0644);
  auto examined = examine();
  EXPECT_EQ(examined.exit_code, 0) << "REPLICATE_API_TOKEN is set";
  EXPECT_EQ(examined.checks["files"]["status"], "warn");
  EXPECT_EQ(examined.checks["files"]["remedy"], "run: chmod 600 " + token);
}

TEST_F(Doctor, proxies_are_shown_without_their_passwords) {
  auto examined = examine({{"HTTPS_PROXY", "http://ann:geheim@proxy.example:3128"}});
  EXPECT_EQ(examined.checks["proxy"]["detail"], "HTTPS_PROXY=http://…@proxy.example:3128");
}

TEST_F(Doctor, a_terminal_without_utf8_is_a_warning) {
  Launch on_terminal = launch({"doctor"});
  on_terminal.on_terminal = true;
  on_terminal.environment["LC_ALL"] = "C";
  const Outcome outcome = run(on_terminal);
  EXPECT_TRUE(holds(outcome.err, "warn  terminal"));
  EXPECT_TRUE(holds(outcome.err, "80 columns, not UTF-8"));
}

TEST_F(Doctor, a_wrong_clock_is_a_warning) {
  const RawScript serve = reply(200, "{}", {"Date: Sat, 01 Jan 2000 00:00:00 GMT"});
  RawServer server({serve, serve});
  auto examined = examine({}, {"--base-url", server.url()});
  EXPECT_EQ(examined.checks["clock"]["status"], "warn");
  EXPECT_TRUE(holds(examined.checks["clock"]["detail"], "s ahead of the server"));
  ASSERT_EQ(server.requests().size(), 2U);
  EXPECT_EQ(server.requests()[0].header("authorization"), "(none)");
  EXPECT_EQ(server.requests()[1].header("authorization"), "Bearer r8_test");
}

TEST_F(Doctor, ctrl_c_stops_waiting_for_a_server_that_never_answers) {
  RawServer server({[](RawConnection& connection) {
    connection.read_request();
    connection.hold();
  }});
  Launch waiting = launch({"doctor", "--base-url", server.url()});
  Process process(waiting);
  ASSERT_TRUE(process.read_until("token"));
  process.send_signal(SIGINT);
  EXPECT_EQ(process.wait().exit_code, 130);
}

TEST_F(Doctor, invalid_variables_are_separate_failures) {
  EXPECT_EQ(examine({{"REPLICATE_POLL_INTERVAL", "often"}}).exit_code, 2);
  EXPECT_EQ(examine({{"RELLAMA_RETRIES", "many"}}).exit_code, 2);
  EXPECT_EQ(examine({}, {"--base-url", "ftp://x"}).exit_code, 7);
}

}  // namespace
}  // namespace rellama::test

// A gateway in front of the API: Cloudflare's base URL, and the header it may want.

#include "program/config_fixture.hpp"
#include "support/raw_server.hpp"

namespace rellama::test {
namespace {

constexpr const char* kVariable = "RELLAMA_GATEWAY_HEADER";
constexpr const char* kHeader = "cf-aig-authorization: Bearer g4teway-s3cret";
constexpr const char* kSecret = "g4teway-s3cret";

class Gateway : public ConfigFixture {
 protected:
  // Answers a create with a finished prediction, whose files are elsewhere.
  static RawScript created(const std::string& more = {}) {
    return reply(201, R"({"id":"p1","status":"succeeded","output":["Hello"])" + more + "}");
  }
  [[nodiscard]] static Variables at(const RawServer& server) {
    return {{"REPLICATE_BASE_URL", server.url() + "/v1/account/gate/replicate"}};
  }
  [[nodiscard]] static std::string header_of(const RawServer& server, std::size_t request) {
    return server.requests().at(request).header("cf-aig-authorization");
  }
};

TEST_F(Gateway, cloudflares_base_url_is_used_as_it_is) {
  RawServer server({created()});
  const Outcome outcome = with(at(server), {"-m", "meta/llama-2-7b-chat", "hi"});
  EXPECT_EQ(outcome.out, "Hello\n") << outcome.err;
  EXPECT_EQ(server.lines().at(0),
            "POST /v1/account/gate/replicate/models/meta/llama-2-7b-chat/predictions");
  EXPECT_EQ(header_of(server, 0), "(none)");
}

TEST_F(Gateway, the_header_is_sent_from_a_variable_or_the_configuration) {
  RawServer server({created(), created(), created()});
  Variables variables = at(server);
  configure("gateway_header = \"X-Gate: from-file\"\n[profile.cf]\ngateway_header = \"" +
            std::string(kHeader) + "\"\n");
  EXPECT_EQ(with(variables, {"hi"}).exit_code, 0);
  EXPECT_EQ(server.requests().at(0).header("x-gate"), "from-file");
  EXPECT_EQ(with(variables, {"--profile", "cf", "hi"}).exit_code, 0);
  EXPECT_EQ(header_of(server, 1), "Bearer g4teway-s3cret");
  variables[kVariable] = "cf-aig-authorization: Bearer from-variable";
  EXPECT_EQ(with(variables, {"--profile", "cf", "hi"}).exit_code, 0);
  EXPECT_EQ(header_of(server, 2), "Bearer from-variable");
  EXPECT_EQ(server.requests().at(2).header("authorization"), "Bearer r8_test");
}

TEST_F(Gateway, the_header_goes_to_the_gateway_only) {
  RawServer elsewhere(
      {reply(200, "event: output\nid: 1:0\ndata: Hello\n\nevent: done\ndata: {}\n\n",
             {"Content-Type: text/event-stream"})});
  RawServer server({reply(201, R"({"id":"p1","status":"starting","urls":{"stream":")" +
                                   elsewhere.url() + R"(/stream"}})"),
                    reply(200, R"({"id":"p1","status":"succeeded","output":["Hello"]})")});
  Variables variables = at(server);
  variables[kVariable] = kHeader;
  const Outcome outcome = with(variables, {"hi"});
  EXPECT_EQ(outcome.out, "Hello\n") << outcome.err;
  ASSERT_EQ(elsewhere.lines(), std::vector<std::string>{"GET /stream"});
  EXPECT_EQ(header_of(elsewhere, 0), "(none)");
  EXPECT_EQ(elsewhere.requests().at(0).header("authorization"), "(none)");
  ASSERT_EQ(server.requests().size(), 2U);
  EXPECT_EQ(header_of(server, 1), "Bearer g4teway-s3cret");
}

TEST_F(Gateway, the_header_is_never_shown) {
  configure("gateway_header = \"" + std::string(kHeader) + "\"\n");
  RawServer server(
      {reply(401, R"({"detail":"Bearer g4teway-s3cret is unknown"})"), created(), created()});
  Variables variables = at(server);
  const std::string log = (home_ / "log").string();
  std::vector<Outcome> outcomes{with(variables, {"-vv", "--log-file", log, "hi"}),
                                with(variables, {"-vv", "--json", "hi"}),
                                with(variables, {"--dry-run", "hi"}),
                                with(variables, {"--dry-run=json", "hi"}),
                                with(variables, {"config", "show"}),
                                with(variables, {"config", "show", "--json"}),
                                with(variables, {"history", "list"}),
                                with(variables, {"doctor"})};
  variables[kVariable] = kHeader;
  outcomes.push_back(with(variables, {"config", "show"}));
  variables[kVariable] = kSecret;
  outcomes.push_back(with(variables, {"hi"}));
  EXPECT_EQ(outcomes.back().exit_code, 2);
  for (const Outcome& outcome : outcomes) {
    EXPECT_EQ((outcome.out + outcome.err).find(kSecret), std::string::npos)
        << outcome.out << outcome.err;
  }
  EXPECT_TRUE(holds(outcomes[2].out, "$RELLAMA_GATEWAY_HEADER"));
  EXPECT_TRUE(holds(outcomes[3].out, "cf-aig-authorization"));
  EXPECT_EQ(content_of(log).find(kSecret), std::string::npos);
  EXPECT_EQ(content_of((home_ / ".local/share/rellama/history.db").string()).find(kSecret),
            std::string::npos);
}

TEST_F(Gateway, the_header_cannot_be_given_where_others_can_read_it) {
  const Outcome flag = rellama({"--gateway-header", kHeader, "hi"});
  EXPECT_EQ(flag.exit_code, 2);
  EXPECT_EQ(flag.err.find(kSecret), std::string::npos);
  const std::string path = configure("gateway_header = \"" + std::string(kHeader) + "\"\n");
  ::chmod(path.c_str(), 0644);
  const Outcome readable = rellama({"hi"});
  EXPECT_EQ(readable.exit_code, 3);
  EXPECT_TRUE(holds(readable.err, "run: chmod 600 " + path));
  EXPECT_EQ(readable.err.find(kSecret), std::string::npos);
  EXPECT_TRUE(emulator_->requests().empty());
}

TEST_F(Gateway, commands_that_rellama_runs_do_not_get_the_header) {
  configure("token_command = \"env >'" + (home_ / "seen").string() + "'; echo r8_test\"\n");
  EXPECT_EQ(with({{kVariable, kHeader}, {"REPLICATE_API_TOKEN", ""}}, {"-m", kEcho, "hi"}).out,
            "hi\n");
  EXPECT_TRUE(holds(content_of((home_ / "seen").string()), "HOME="));
  EXPECT_EQ(content_of((home_ / "seen").string()).find(kSecret), std::string::npos);
}

}  // namespace
}  // namespace rellama::test

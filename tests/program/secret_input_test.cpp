// Inputs that a model's schema marks as secret.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "program/program_test.hpp"
#include "support/raw_server.hpp"

namespace rellama::test {
namespace {

const std::string kSecretValue = "sk-Geheim0123/456789";

class SecretInput : public ProgramTest {
 protected:
  static std::string model(const std::string& marks) {
    return R"({"owner":"acme","name":"thing","is_official":false,"latest_version":{"id":")" +
           std::string(64, '5') +
           R"(","openapi_schema":{"components":{"schemas":{"Input":{"type":"object","properties":{)"
           R"("prompt":{"type":"string","x-order":0},"pass":{"type":"string","x-order":1)" +
           marks + R"(}}},"Output":{"type":"string"}}}}}})";
  }

  static std::string prediction() {
    return R"({"id":"p1","model":"acme/thing","status":"failed","input":{"pass":")" + kSecretValue +
           R"("},"error":"wrong pass )" + kSecretValue +
           R"(","logs":"pass sk-Geheim0123\/456789"})";
  }

  Launch with_server(const RawServer& server, std::vector<std::string> arguments) const {
    Launch launch = this->launch(std::move(arguments));
    launch.environment["REPLICATE_BASE_URL"] = server.url();
    return launch;
  }

  [[nodiscard]] std::string all_files() const {
    std::string all;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(home_)) {
      if (!entry.is_regular_file()) continue;
      std::ostringstream text;
      text << std::ifstream(entry.path()).rdbuf();
      all += text.str();
    }
    return all;
  }
};

TEST_F(SecretInput, is_sent_but_neither_shown_nor_stored) {
  for (const std::string marks :
       {R"(,"x-cog-secret":true)", R"(,"writeOnly":true)", R"(,"format":"password")"}) {
    std::filesystem::remove_all(home_ / ".cache");
    RawServer server({reply(200, model(marks)), reply(201, prediction())});
    const Outcome outcome =
        run(with_server(server, {"-m", "acme/thing", "-vv", "--log-file", (home_ / "log").string(),
                                 "-o", "pass=" + kSecretValue, "--json", "Hello"}));
    ASSERT_EQ(server.requests().size(), 2U) << outcome.err;
    EXPECT_NE(server.requests()[1].body.find(kSecretValue), std::string::npos) << "it must be sent";
    EXPECT_NE(outcome.out.find("wrong pass …"), std::string::npos) << outcome.out;
    EXPECT_EQ((outcome.out + outcome.err + all_files()).find("sk-Geheim"), std::string::npos)
        << marks << outcome.out << outcome.err;
    const Outcome exported = rellama({"history", "export", "--all", "--json"});
    EXPECT_EQ(exported.out.find("sk-Geheim"), std::string::npos);

    const Outcome again = run(with_server(server, {"history", "rerun", "1"}));
    EXPECT_EQ(again.exit_code, 2) << again.out;
    EXPECT_NE(again.err.find("the value of 'pass' is not known"), std::string::npos) << again.err;

    const Outcome dry = run(with_server(
        server, {"-m", "acme/thing", "--dry-run=json", "-o", "pass=" + kSecretValue, "Hello"}));
    EXPECT_EQ(dry.exit_code, 0) << dry.err;
    EXPECT_EQ(dry.out.find("sk-Geheim"), std::string::npos) << dry.out;
    EXPECT_NE(dry.out.find(R"("pass":"…")"), std::string::npos) << dry.out;
  }
}

TEST_F(SecretInput, without_a_schema_the_name_tells) {
  const Outcome dry = rellama({"-m", "acme/unknown", "--dry-run=json", "-o",
                               "openai_api_key=" + kSecretValue, "-o", "stop=keyword", "Hello"});
  EXPECT_EQ(dry.out.find("sk-Geheim"), std::string::npos) << dry.out;
  EXPECT_NE(dry.out.find(R"("stop":"keyword")"), std::string::npos) << dry.out;
}

TEST_F(SecretInput, a_dry_run_for_an_unknown_model_shows_no_text_that_could_be_one) {
  const std::vector<std::string> ways{"k=" + kSecretValue, R"(k:=")" + kSecretValue + "\"",
                                      R"(k:=[")" + kSecretValue + "\"]"};
  for (const std::string& way : ways) {
    const Outcome dry = rellama({"-m", "acme/unknown", "--dry-run=json", "-o", way, "-o",
                                 "steps=25", "-o", "top_k=7", "Hello"});
    EXPECT_EQ(dry.exit_code, 0) << dry.err;
    EXPECT_EQ(dry.out.find("sk-Geheim"), std::string::npos) << dry.out;
    EXPECT_NE(dry.out.find(R"("k":"…")"), std::string::npos) << dry.out;
    EXPECT_NE(dry.out.find(R"("steps":25)"), std::string::npos) << dry.out;
    EXPECT_NE(dry.out.find(R"("top_k":7)"), std::string::npos) << dry.out;
  }
}

TEST_F(SecretInput, is_not_stored_in_a_template) {
  RawServer server({reply(200, model(R"(,"x-cog-secret":true)")), reply(201, prediction())});
  run(with_server(server, {"-m", "acme/thing", "-n", "-o", "pass=x", "Hello"}));
  const Outcome saved = run(with_server(server, {"template", "save", "mine", "-m", "acme/thing",
                                                 "-o", "pass=" + kSecretValue, "Hi"}));
  EXPECT_EQ(saved.exit_code, 2) << saved.out;
  EXPECT_NE(saved.err.find("'pass' cannot be saved in a template"), std::string::npos) << saved.err;
  EXPECT_EQ(all_files().find("sk-Geheim"), std::string::npos);
}

TEST_F(SecretInput, is_not_quoted_by_an_error) {
  const Outcome outcome = rellama({"-m", "acme/unknown", "-o", "k:=" + kSecretValue, "Hello"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_EQ(outcome.err.find("sk-Geheim"), std::string::npos) << outcome.err;
}

TEST_F(SecretInput, any_other_input_is_stored_as_it_is) {
  RawServer server({reply(200, model("")), reply(201, prediction())});
  run(with_server(server, {"-m", "acme/thing", "-o", "pass=" + kSecretValue, "Hello"}));
  EXPECT_NE(all_files().find(kSecretValue), std::string::npos);
}

}  // namespace
}  // namespace rellama::test

// Protection of the user's money and secrets.

#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "program/program_test.hpp"
#include "support/raw_server.hpp"

namespace rellama::test {
namespace {

class Safety : public ProgramTest {
 protected:
  [[nodiscard]] std::string cancel_after_sent() const {
    for (const auto& request : emulator_->requests()) {
      if (request.method == "POST" && request.path.ends_with("/predictions")) {
        return request.header("Cancel-After");
      }
    }
    return "(no create)";
  }
};

TEST_F(Safety, cancel_after_tells_the_server_when_to_end) {
  EXPECT_EQ(rellama({"--cancel-after", "1m30s", "Hi"}).exit_code, 0);
  EXPECT_EQ(cancel_after_sent(), "90s");
}

TEST_F(Safety, a_timeout_is_sent_only_to_replicate) {
  EXPECT_EQ(rellama({"--timeout", "30s", "Hi"}).exit_code, 0);
  EXPECT_EQ(cancel_after_sent(), "");
}

TEST_F(Safety, on_replicate_the_timeout_also_applies_on_the_server) {
  const auto header_of = [&](const std::string& timeout) {
    const Outcome outcome = rellama(
        {"--base-url", "https://api.replicate.com/v1", "--dry-run", "--timeout", timeout, "Hi"});
    const auto at = outcome.out.find("Cancel-After: ");
    return at == std::string::npos ? "" : outcome.out.substr(at, outcome.out.find('\'', at) - at);
  };
  EXPECT_EQ(header_of("45s"), "Cancel-After: 45s");
  EXPECT_EQ(header_of("1s"), "Cancel-After: 5s");
  EXPECT_EQ(header_of("1500ms"), "Cancel-After: 5s");
  EXPECT_EQ(header_of("48h"), "Cancel-After: 86400s");
}

TEST_F(Safety, a_cancel_after_that_replicate_would_reject_is_an_error) {
  for (const char* bad : {"4s", "25h", "0", "-1", "soon"}) {
    const Outcome outcome = rellama({std::string("--cancel-after=") + bad, "Hi"});
    EXPECT_EQ(outcome.exit_code, 2) << bad;
    EXPECT_EQ(outcome.out, "");
  }
  EXPECT_TRUE(emulator_->requests().empty());
}

TEST_F(Safety, a_lost_create_is_found_and_answered) {
  start_emulator_with({"create:lost*1"});
  const Outcome outcome = rellama({"-m", kEcho, "Hello"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.out, "Hello\n");
  EXPECT_NE(outcome.err.find("continuing with prediction"), std::string::npos);
  EXPECT_EQ(creates(), 1U);
}

TEST_F(Safety, a_broken_stream_continues_whatever_broke_it) {
  for (const std::string fault : {"stream:cut@2*3", "stream:end@2*3", "stream:408*2",
                                  "stream:503*2", "stream:reset*2", "stream:truncated*2"}) {
    // The second time, the stream starts over.
    for (const std::string then : {"stream:ok", "stream:replay", "stream:no-ids"}) {
      start_emulator_with({fault, then});
      const Outcome outcome = rellama({"-m", kEcho, "one two three four five six seven"});
      EXPECT_EQ(outcome.exit_code, 0) << fault << ' ' << outcome.err;
      EXPECT_EQ(outcome.out, "one two three four five six seven\n") << fault << ", " << then;
      EXPECT_EQ(creates(), 1U);
    }
  }
}

// The token appears in no output, however the run ends.
TEST_F(Safety, the_token_is_never_shown) {
  const std::string token = "r8_KeepThisToYourself0123456789";
  const std::string log = (home_ / "log.txt").string();
  const auto read_log = [&] {
    std::ostringstream text;
    text << std::ifstream(log).rdbuf();
    return text.str();
  };
  for (const std::string fault :
       {"create:ok", "create:401", "create:402", "create:422", "create:500*1", "create:html",
        "create:reset", "create:lost", "stream:cut@1", "stream:redirect", "predict:failed@1"}) {
    start_emulator_with({fault});
    for (const std::string level : {"-q", "-v", "-vv"}) {
      Launch with_token = launch({level, "--log-file", log, "--json", "-m", kEcho, "Hello"});
      with_token.environment["REPLICATE_API_TOKEN"] = token;
      const Outcome outcome = run(with_token);
      EXPECT_EQ((outcome.out + outcome.err).find(token), std::string::npos) << fault << level;
    }
  }
  Launch dry = launch({"--dry-run=json", "Hello"});
  dry.environment["REPLICATE_API_TOKEN"] = token;
  EXPECT_EQ(run(dry).out.find(token), std::string::npos);
  EXPECT_NE(read_log().find("POST "), std::string::npos) << "the log must have something to hide";
  EXPECT_EQ(read_log().find(token), std::string::npos);
  for (const auto& request : emulator_->requests()) {
    for (const auto& [name, value] : request.headers) {
      EXPECT_EQ(value.find(token), std::string::npos) << name;
    }
  }
}

TEST_F(Safety, a_token_repeated_by_a_server_is_not_printed) {
  const std::string token = "r8_KeepThisToYourself0123456789";
  for (const int status : {401, 403, 422, 302}) {
    RawServer echo({reply(status, R"({"detail":"no use for 'Bearer )" + token + R"('"})",
                          {"Location: /v1/" + token})});
    Launch with_token = launch({"-vv", "--base-url", echo.url(), "Hello"});
    with_token.environment["REPLICATE_API_TOKEN"] = token;
    const Outcome outcome = run(with_token);
    EXPECT_NE(outcome.exit_code, 0);
    EXPECT_EQ(outcome.err.find(token), std::string::npos) << outcome.err;
    EXPECT_NE(outcome.err.find("[token]"), std::string::npos) << outcome.err;
  }
}

}  // namespace
}  // namespace rellama::test

// A server that repeats the token, in whatever form and wherever.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "program/program_test.hpp"
#include "support/raw_server.hpp"

namespace rellama::test {
namespace {

class RepeatedToken : public ProgramTest {
 protected:
  // Runs with `arguments`, and returns all that was printed, logged and stored.
  std::string everything_of(RawServer& server, std::vector<std::string> arguments) {
    const std::string log = (home_ / "log.txt").string();
    arguments.insert(arguments.begin(), {"-vv", "--log-file", log, "--base-url", server.url()});
    Launch with_token = launch(std::move(arguments));
    with_token.environment["REPLICATE_API_TOKEN"] = token_;
    const Outcome outcome = run(with_token);
    std::string all = outcome.out + outcome.err;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(home_)) {
      if (!entry.is_regular_file()) continue;
      std::ostringstream text;
      text << std::ifstream(entry.path()).rdbuf();
      all += text.str();
    }
    return all;
  }

  static std::string prediction(const std::string& status, const std::string& more) {
    return R"({"id":"p1","model":"a/b","status":")" + status + "\"" + more + "}";
  }

  const std::string token_ = "r8_KeepThisToYourself0123/456789";
  // As JSON may spell it, as in a URL, and base64 of `Bearer ` and the token.
  const std::vector<std::pair<std::string, std::string>> forms_ = {
      {token_, token_},
      {R"(\u00728_KeepThisToYourself0123\/456789)", token_},
      {"r8_KeepThisToYourself0123%2F456789", "Yourself0123%2F4567"},
      {"QmVhcmVyIHI4X0tlZXBUaGlzVG9Zb3Vyc2VsZjAxMjMvNDU2Nzg5", "tlZXBUaGlzVG9Zb3Vyc2VsZ"},
  };
};

TEST_F(RepeatedToken, is_neither_shown_nor_stored_from_the_error_of_a_prediction) {
  for (const auto& [sent, secret] : forms_) {
    for (const std::string format : {"--no-stream", "--json", "--jsonl"}) {
      RawServer echo({reply(201, prediction("failed", R"(,"error":"no use for )" + sent +
                                                          R"(","logs":")" + sent + "\""))});
      const std::string all = everything_of(echo, {format, "Hello"});
      EXPECT_NE(all.find("no use for "), std::string::npos) << format;
      EXPECT_EQ(all.find(secret), std::string::npos) << format << sent;
    }
  }
}

TEST_F(RepeatedToken, is_neither_shown_nor_stored_from_an_answer_or_an_error_event) {
  for (const auto& [sent, secret] : forms_) {
    for (const std::string format : {"--no-log", "--json", "--jsonl"}) {
      RawServer echo;
      const std::string urls = R"(,"urls":{"stream":")" + echo.url() + "/s\"}";
      const std::string event =
          "event: output\nid: 1:0\ndata: so \n\nevent: output\nid: 1:1\ndata: " +
          token_.substr(0, 9) + "\n\nevent: output\nid: 1:2\ndata: " + token_.substr(9) + "\n\n";
      const std::string error = "event: error\ndata: {\"detail\":\"" + sent + "\"}\n\n";
      const std::string pieces =
          R"(,"output":["so ",")" + token_.substr(0, 9) + R"(",")" + token_.substr(9) + "\"]";
      echo.then(reply(201, prediction("starting", urls)));
      echo.then(
          reply("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                "Connection: close\r\n\r\n" +
                event + error + "event: done\ndata: {}\n\n"));
      echo.then(reply(200, prediction("failed", pieces)));
      const std::string all = everything_of(echo, {format, "Hello"});
      EXPECT_NE(all.find("so "), std::string::npos) << format;
      EXPECT_EQ(all.find(secret), std::string::npos) << format << all;
      EXPECT_EQ(all.find(token_), std::string::npos) << format;
    }
  }
}

TEST_F(RepeatedToken, is_not_shown_by_commands_that_read_predictions_and_models) {
  const std::string object = prediction(
      "succeeded", R"(,"input":{")" + token_ + R"(":1},"output":[")" + token_.substr(0, 5) +
                       "\",\"" + token_.substr(5) + R"("],"metrics":{"m":")" + token_ +
                       R"("},"logs":")" + token_ + "\"");
  const std::vector<std::pair<std::vector<std::string>, std::string>> commands = {
      {{"predictions", "show", "p1"}, object},
      {{"predictions", "show", "p1", "--json"}, object},
      {{"predictions", "list"}, R"({"results":[)" + object + "]}"},
      {{"predictions", "list", "--json"}, R"({"results":[)" + object + "]}"},
      {{"predictions", "cancel", "p1"}, object},
      {{"models", "search", "x", "--json"},
       R"({"results":[{"owner":"a","name":"b","description":")" + token_ + "\"}]}"},
  };
  for (const auto& [command, body] : commands) {
    RawServer echo({reply(200, body)});
    Launch with_token = launch(command);
    with_token.environment["REPLICATE_API_TOKEN"] = token_;
    with_token.environment["REPLICATE_BASE_URL"] = echo.url();
    const Outcome outcome = run(with_token);
    EXPECT_EQ((outcome.out + outcome.err).find(token_), std::string::npos) << outcome.out;
  }
}

}  // namespace
}  // namespace rellama::test

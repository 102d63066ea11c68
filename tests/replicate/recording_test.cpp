// What a client records of its exchanges.

#include "replicate/recording.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "rellama/client.hpp"
#include "rellama/error.hpp"
#include "replicate/fixture.hpp"
#include "support/raw_server.hpp"

namespace rellama::replicate {
namespace {

using nlohmann::json;
using test::RawConnection;
using test::RawServer;
using test::reply;

class KeptLines final : public ExchangeRecorder {
 public:
  void open() override {
    if (is_unwritable) throw std::runtime_error("unwritable");
  }
  void record(std::string_view line) noexcept override { lines.push_back(json::parse(line)); }

  std::vector<json> lines;
  bool is_unwritable = false;
};

class Recording : public testing::Test {
 protected:
  Client client(const RawServer& server) {
    ClientOptions options = test::options_for(server);
    options.recorder = kept_;
    return Client(ApiToken(test::kToken), options);
  }
  // The exchange of a request for p1, which may fail.
  json line_of(test::RawScript script) {
    RawServer server({script, script});
    try {
      static_cast<void>(client(server).get(PredictionId{"p1"}));
    } catch (const Error&) {
    }
    return kept_->lines.empty() ? json() : kept_->lines.front();
  }

  std::shared_ptr<KeptLines> kept_ = std::make_shared<KeptLines>();
};

TEST_F(Recording, has_the_request_and_the_response) {
  RawServer server({reply(200, test::prediction_json("succeeded"),
                          {"Content-Type: application/json", "Set-Cookie: a=b", "X-Other: 1"})});
  static_cast<void>(client(server).get(PredictionId{"p1"}));
  ASSERT_EQ(kept_->lines.size(), 1U);
  const json& line = kept_->lines.front();
  EXPECT_EQ(line["recording"], 1);
  EXPECT_EQ(line["api"], server.url() + "/v1");
  EXPECT_EQ(line["request"],
            (json{{"method", "GET"}, {"url", server.url() + "/v1/predictions/p1"}}));
  EXPECT_EQ(line["response"]["status"], 200);
  EXPECT_EQ(line["response"]["headers"],
            (json{{"content-type", "application/json"}, {"content-length", "33"}}));
  EXPECT_EQ(line["response"]["body"], test::prediction_json("succeeded"));
  EXPECT_EQ(line["end"], "complete");
  EXPECT_GE(line["seconds"], 0.0);
}

TEST_F(Recording, says_how_an_exchange_ended) {
  EXPECT_EQ(line_of(reply("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{\"i"))["end"], "closed");
  EXPECT_EQ(kept_->lines.front()["response"]["body"], "{\"i");
  kept_->lines.clear();
  const json reset = line_of(test::read_and_reset);
  EXPECT_EQ(reset["end"], "reset");
  EXPECT_FALSE(reset.contains("response"));
}

TEST_F(Recording, of_a_request_that_was_never_sent_says_so) {
  RawServer gone;
  Client made = client(gone);
  gone.stop();
  EXPECT_THROW(static_cast<void>(made.get(PredictionId{"p1"})), Error);
  ASSERT_FALSE(kept_->lines.empty());
  EXPECT_EQ(kept_->lines.front()["end"], "unsent");
}

TEST_F(Recording, has_what_was_decompressed_without_the_length_it_had) {
  // printf '{"id":"p1","status":"succeeded"}\n' | gzip -n
  const std::string gzip(
      "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xab\x56\xca\x4c\x51\xb2\x52\x2a\x30\x54"
      "\xd2\x51\x2a\x2e\x49\x2c\x29\x2d\x06\xf2\x8a\x4b\x93\x93\x53\x53\x53\x52\x53\x94"
      "\x6a\xb9\x00\xdb\x1e\x38\x9e\x21\x00\x00\x00",
      51);
  const json line = line_of(reply(200, gzip, {"Content-Encoding: gzip"}));
  EXPECT_EQ(line["response"]["body"], test::prediction_json("succeeded"));
  EXPECT_FALSE(line["response"]["headers"].contains("content-encoding"));
  EXPECT_FALSE(line["response"]["headers"].contains("content-length"));
}

TEST_F(Recording, has_no_secret_and_a_length_that_fits_what_stands_for_it) {
  const std::string token(test::kToken);
  const json line = line_of(
      reply(200, R"({"id":"p1","status":"failed","error":")" + token + "\"}", {"ETag: " + token}));
  EXPECT_EQ(line.dump().find(token), std::string::npos);
  const std::string body = line["response"]["body"];
  EXPECT_EQ(body, R"({"id":"p1","status":"failed","error":"[token]"})");
  EXPECT_EQ(line["response"]["headers"]["content-length"], std::to_string(body.size()));
}

TEST_F(Recording, has_bytes_that_are_no_text_in_base64) {
  const json line = line_of(reply(200, std::string("\0\xFF\xFE\n", 4)));
  EXPECT_EQ(line["response"]["base64"], "AP/+Cg==");
  EXPECT_FALSE(line["response"].contains("body"));
}

TEST_F(Recording, that_cannot_begin_prevents_every_request) {
  RawServer server({reply(200, test::prediction_json("succeeded"))});
  kept_->is_unwritable = true;
  EXPECT_THROW(static_cast<void>(client(server)), std::runtime_error);
  EXPECT_EQ(server.connections(), 0);
}

}  // namespace
}  // namespace rellama::replicate

#include "rellama/client.hpp"

#include <gtest/gtest.h>

#include <cctype>
#include <cstdint>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "replicate/fixture.hpp"
#include "support/expect_error.hpp"
#include "support/raw_server.hpp"

namespace rellama {
namespace {

using namespace std::string_literals;
using test::client_of;
using test::error_of;
using test::holds;
using test::prediction_json;
using test::RawConnection;
using test::RawServer;
using test::read_and_reset;
using test::reply;

const ModelRef kModel = ModelName{"meta", "llama-2-70b-chat"};
const Input kInput{{"prompt", "Hi"s}, {"top_k", std::int64_t{50}}};

TEST(ClientCreate, posts_the_input_to_the_models_own_endpoint_with_the_token) {
  RawServer server({reply(201, prediction_json("starting"))});
  const Prediction prediction = client_of(server).create(kModel, kInput);
  EXPECT_EQ(prediction.id.value, "p1");
  EXPECT_EQ(prediction.status, Status::starting);
  const auto requests = server.requests();
  ASSERT_EQ(requests.size(), 1U);
  EXPECT_EQ(requests[0].line(), "POST /v1/models/meta/llama-2-70b-chat/predictions");
  EXPECT_EQ(requests[0].header("authorization"), "Bearer r8_unit_test");
  EXPECT_EQ(requests[0].header("content-type"), "application/json");
  EXPECT_TRUE(requests[0].header("user-agent").starts_with("rellama/"));
  EXPECT_EQ(requests[0].header("prefer"), "(none)");
  EXPECT_EQ(requests[0].body, R"({"input":{"prompt":"Hi","top_k":50},"stream":true})");
}

TEST(ClientCreate, a_version_is_posted_to_the_general_endpoint_with_only_its_id) {
  RawServer server({reply(202, prediction_json("starting"))});
  client_of(server).create(ModelVersion{"abc", ModelName{"me", "mine"}}, kInput,
                           {.delivery = Delivery::poll, .wait = std::chrono::seconds(5)});
  const auto requests = server.requests();
  ASSERT_EQ(requests.size(), 1U);
  EXPECT_EQ(requests[0].line(), "POST /v1/predictions");
  EXPECT_EQ(requests[0].header("prefer"), "wait=5");
  EXPECT_EQ(requests[0].body, R"({"version":"abc","input":{"prompt":"Hi","top_k":50}})");
}

TEST(ClientCreate, prepare_create_shows_the_request_that_is_sent_except_the_token) {
  RawServer server({reply(201, prediction_json("starting"))});
  const CreateOptions create{.delivery = Delivery::poll, .wait = std::chrono::seconds(3)};
  const auto prepared = prepare_create(test::options_for(server), kModel, kInput, create);
  client_of(server).create(kModel, kInput, create);
  const auto sent = server.requests().at(0);
  EXPECT_EQ(prepared.method + " " + prepared.url, "POST " + server.url() + sent.line().substr(5));
  EXPECT_EQ(prepared.body, sent.body);
  for (auto [name, value] : prepared.headers) {
    for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    EXPECT_EQ(sent.header(name), value) << name;
    EXPECT_NE(name, "authorization");
  }
}

// A way in which a server can leave it open whether it took the request.
struct Way {
  std::string name;
  test::RawScript script;
};

void PrintTo(const Way& way, std::ostream* out) {
  *out << way.name;
}

class AmbiguousCreate : public testing::TestWithParam<Way> {};

TEST_P(AmbiguousCreate, is_never_sent_twice_since_it_may_have_been_billed) {
  const test::RawScript& script = GetParam().script;
  RawServer server({script, script, script});
  const Error error = error_of([&] { return client_of(server).create(kModel, kInput); });
  EXPECT_EQ(server.count("POST /v1/models/meta/llama-2-70b-chat/predictions"), 1)
      << "a billed request was sent again";
  EXPECT_EQ(error.kind(), ErrorKind::may_have_started);
  EXPECT_TRUE(holds(error.what(), "may have been started and billed"));
}

INSTANTIATE_TEST_SUITE_P(
    Ways, AmbiguousCreate,
    testing::Values(Way{"reset", read_and_reset},
                    Way{"closed", [](RawConnection& connection) { connection.read_request(); }},
                    Way{"half_a_head", reply("HTTP/1.1 201 Created\r\nContent-"s)},
                    Way{"half_a_body",
                        reply("HTTP/1.1 201 Created\r\nContent-Length: 99\r\n\r\n{\"id\":"s)},
                    Way{"not_http", reply("what?\r\n\r\n"s)}, Way{"status_500", reply(500, "")},
                    Way{"status_502", reply(502, "<html>")},
                    Way{"status_503_come_back", reply(503, "", {"Retry-After: 0"})},
                    Way{"status_504", reply(504, "")},
                    Way{"status_301", reply(301, "", {"Location: /v1/elsewhere"})},
                    Way{"status_303", reply(303, "", {"Location: /v1/elsewhere"})},
                    Way{"status_408", reply(408, "")}, Way{"status_409", reply(409, "")},
                    Way{"status_425", reply(425, "")}, Way{"status_499", reply(499, "")},
                    Way{"not_json", reply(201, "<html>welcome")}, Way{"no_id", reply(201, "{}")}),
    [](const auto& way) { return way.param.name; });

TEST(ClientCreate, a_rejection_is_final_and_not_retried) {
  const std::vector<std::pair<int, ErrorKind>> cases{
      {400, ErrorKind::invalid_input},    {401, ErrorKind::unauthorized},
      {402, ErrorKind::payment_required}, {404, ErrorKind::not_found},
      {422, ErrorKind::invalid_input},    {405, ErrorKind::server}};
  for (const auto& [status, kind] : cases) {
    const test::RawScript script = reply(status, R"({"detail":"no"})");
    RawServer server({script, script});
    EXPECT_EQ(error_of([&] { return client_of(server).create(kModel, kInput); }).kind(), kind)
        << status;
    EXPECT_EQ(server.requests().size(), 1U) << status;
  }
}

TEST(ClientCreate, a_throttled_request_is_retried_when_the_server_says) {
  RawServer server({reply(429, R"({"detail":"Throttled"})", {"Retry-After: 0"}),
                    reply(201, prediction_json("starting"))});
  EXPECT_EQ(client_of(server).create(kModel, kInput).id.value, "p1");
  const auto requests = server.requests();
  ASSERT_EQ(requests.size(), 2U);
  EXPECT_EQ(requests[0].body, requests[1].body);
}

TEST(ClientCreate, a_request_throttled_repeatedly_fails_after_the_allowed_retries) {
  const test::RawScript script = reply(429, "", {"Retry-After: 0"});
  RawServer server({script, script, script});
  EXPECT_EQ(error_of([&] { return client_of(server).create(kModel, kInput); }).kind(),
            ErrorKind::rate_limited);
  EXPECT_EQ(server.requests().size(), 2U);
}

TEST(ClientCreate, a_server_that_asks_for_an_hours_wait_is_an_error) {
  RawServer server(
      {reply(429, "", {"Retry-After: 3600"}), reply(201, prediction_json("starting"))});
  EXPECT_EQ(error_of([&] { return client_of(server).create(kModel, kInput); }).kind(),
            ErrorKind::rate_limited);
  EXPECT_EQ(server.requests().size(), 1U);
}

TEST(ClientCreate, a_refused_connection_is_retried_since_nothing_was_sent) {
  RawServer server;
  ClientOptions options = test::options_for(server);
  std::vector<std::string> warnings;
  options.log = [&](LogLevel level, std::string_view line) {
    if (level == LogLevel::warning) warnings.emplace_back(line);
  };
  server.stop();
  const Error error = error_of([&] {
    Client client(ApiToken(test::kToken), options);
    return client.create(kModel, kInput);
  });
  EXPECT_EQ(error.kind(), ErrorKind::network);
  EXPECT_FALSE(holds(error.what(), "billed"));
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_TRUE(holds(warnings[0], "retrying in"));
  EXPECT_TRUE(holds(warnings[0], "1 of 1"));
}

TEST(ClientCreate, a_create_does_not_reuse_a_connection) {
  const std::string kept = R"({"username":"ann"})";
  RawServer server({[&kept](RawConnection& connection) {
                      connection.read_request();
                      connection.send("HTTP/1.1 200 OK\r\nContent-Length: " +
                                      std::to_string(kept.size()) + "\r\n\r\n" + kept);
                      read_and_reset(connection);
                    },
                    read_and_reset, read_and_reset});
  Client client = client_of(server);
  EXPECT_EQ(client.account().username, "ann");
  error_of([&] { return client.create(kModel, kInput); });
  EXPECT_EQ(server.count("POST /v1/models/meta/llama-2-70b-chat/predictions"), 1)
      << "libcurl resent a create by itself";
  EXPECT_EQ(server.requests().at(1).connection, 2);
}

TEST(ClientCreate, is_not_redirected) {
  for (const int status : {307, 308}) {
    RawServer server(
        {reply(status, "", {"Location: /v1/elsewhere"}), reply(201, prediction_json("starting"))});
    EXPECT_EQ(error_of([&] { return client_of(server).create(kModel, kInput); }).kind(),
              ErrorKind::server);
    EXPECT_EQ(server.requests().size(), 1U) << status;
  }
}

TEST(ClientCreate, if_stopped_before_it_starts_nothing_is_sent) {
  RawServer server({reply(201, prediction_json("starting"))});
  StopSource source;
  source.request(ErrorKind::interrupted);
  EXPECT_EQ(
      error_of([&] { return client_of(server).create(kModel, kInput, {}, source.token()); }).kind(),
      ErrorKind::interrupted);
  server.stop();
  EXPECT_TRUE(server.requests().empty()) << "a billed request was sent after the stop";
}

TEST(ClientCreate, if_stopped_midway_it_waits_for_the_id_so_that_it_can_be_canceled) {
  StopSource source;
  RawServer server({[&source](RawConnection& connection) {
    connection.read_request();
    source.request(ErrorKind::interrupted);
    connection.send(test::raw_answer(201, prediction_json("starting")));
  }});
  EXPECT_EQ(client_of(server).create(kModel, kInput, {}, source.token()).id.value, "p1");
}

TEST(ClientCreate, if_stopped_while_throttled_it_is_not_sent_again) {
  StopSource source;
  RawServer server({[&source](RawConnection& connection) {
                      connection.read_request();
                      source.request(ErrorKind::terminated);
                      connection.send(test::raw_answer(429, "", {"Retry-After: 60"}));
                    },
                    reply(201, prediction_json("starting"))});
  EXPECT_EQ(
      error_of([&] { return client_of(server).create(kModel, kInput, {}, source.token()); }).kind(),
      ErrorKind::terminated);
  EXPECT_EQ(server.requests().size(), 1U);
}

}  // namespace
}  // namespace rellama

#include "rellama/client.hpp"

#include <gtest/gtest.h>

#include <string>
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

TEST(ClientGet, is_retried_with_its_token) {
  RawServer server({read_and_reset, reply(200, prediction_json("succeeded"))});
  EXPECT_EQ(client_of(server).get(PredictionId{"p1"}).status, Status::succeeded);
  EXPECT_EQ(server.count("GET /v1/predictions/p1"), 2);
  EXPECT_EQ(server.requests()[1].header("authorization"), "Bearer r8_unit_test");
}

TEST(ClientGet, a_truncated_response_is_retried) {
  RawServer server({reply("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{\"id\":\"p1\""s),
                    reply(200, prediction_json("succeeded"))});
  EXPECT_EQ(client_of(server).get(PredictionId{"p1"}).status, Status::succeeded);
}

TEST(ClientGet, temporary_server_errors_are_retried) {
  RawServer server({reply(503, "", {"Retry-After: 0"}), reply(200, prediction_json("succeeded"))});
  EXPECT_EQ(client_of(server).get(PredictionId{"p1"}).status, Status::succeeded);
}

TEST(ClientGet, the_error_for_an_unreadable_response_names_the_prediction) {
  for (const std::string body : {"<html>login</html>", "[]", "{\"id\":", ""}) {
    RawServer server({reply(200, body)});
    const Error error = error_of([&] { return client_of(server).get(PredictionId{"p1"}); });
    EXPECT_EQ(error.kind(), ErrorKind::server) << body;
    EXPECT_TRUE(holds(error.what(), "(prediction p1)"));
    EXPECT_FALSE(holds(error.what(), "billed"));
  }
}

TEST(ClientGet, a_redirect_within_the_api_is_followed_with_the_token) {
  RawServer server(
      {reply(307, "", {"Location: /v1/moved?x=1"}), reply(200, prediction_json("failed"))});
  EXPECT_EQ(client_of(server).get(PredictionId{"p1"}).status, Status::failed);
  const auto requests = server.requests();
  ASSERT_EQ(requests.size(), 2U);
  EXPECT_EQ(requests[1].line(), "GET /v1/moved?x=1");
  EXPECT_EQ(requests[1].header("authorization"), "Bearer r8_unit_test");
}

TEST(ClientGet, a_redirect_to_another_host_is_not_followed) {
  RawServer stranger({reply(200, prediction_json("succeeded"))});
  for (const std::string& where :
       {stranger.url() + "/x", "//127.0.0.1:" + std::to_string(stranger.port()) + "/x",
        "http://127.0.0.1@localhost:" + std::to_string(stranger.port()) + "/", "ftp://127.0.0.1/"s,
        "file:///etc/passwd"s}) {
    RawServer server({reply(302, "", {"Location: " + where})});
    const Error error = error_of([&] { return client_of(server).get(PredictionId{"p1"}); });
    EXPECT_EQ(error.kind(), ErrorKind::server);
    EXPECT_TRUE(holds(error.what(), "redirects to '" + where + "'"));
  }
  EXPECT_EQ(stranger.connections(), 0);
}

TEST(ClientGet, a_redirect_loop_ends) {
  RawServer server;
  for (int i = 0; i < 20; ++i) server.then(reply(302, "", {"Location: /v1/again"}));
  EXPECT_EQ(error_of([&] { return client_of(server).get(PredictionId{"p1"}); }).kind(),
            ErrorKind::server);
  EXPECT_EQ(server.requests().size(), 6U);
}

TEST(ClientGet, a_redirect_without_a_valid_location_fails_at_once) {
  RawServer server({reply(302, ""), reply(200, prediction_json("succeeded"))});
  EXPECT_EQ(error_of([&] { return client_of(server).get(PredictionId{"p1"}); }).kind(),
            ErrorKind::server);
  EXPECT_EQ(server.requests().size(), 1U);
}

TEST(ClientGet, urls_in_the_response_are_used_only_if_they_have_the_apis_origin) {
  RawServer stranger({reply(200, prediction_json("succeeded"))});
  RawServer server(
      {reply(200, prediction_json("succeeded")), reply(200, prediction_json("succeeded"))});
  Prediction prediction;
  prediction.id.value = "p1";
  prediction.get_url = server.url() + "/v1/special";
  client_of(server).get(prediction);
  prediction.get_url = stranger.url() + "/v1/special";
  client_of(server).get(prediction);
  EXPECT_EQ(server.lines(), (std::vector{"GET /v1/special"s, "GET /v1/predictions/p1"s}));
  EXPECT_EQ(stranger.connections(), 0);
}

TEST(ClientCancel, posts_an_empty_body_and_is_safe_to_repeat) {
  RawServer server({read_and_reset, reply(200, prediction_json("canceled"))});
  Prediction prediction;
  prediction.id.value = "p1";
  EXPECT_EQ(client_of(server).cancel(prediction).status, Status::canceled);
  EXPECT_EQ(server.count("POST /v1/predictions/p1/cancel"), 2);
  EXPECT_EQ(server.requests()[1].body, "");
}

TEST(ClientList, pages_follow_the_servers_cursor) {
  RawServer server;
  server.then(reply(200, R"({"next":")" + server.url() +
                             R"(/v1/predictions?cursor=c2","results":[{"id":"b"}]})"));
  server.then(reply(200, R"({"next":null,"results":[{"id":"a"}]})"));
  Client client = client_of(server);
  const PredictionPage first = client.list();
  const PredictionPage second = client.list({.cursor = first.next});
  EXPECT_EQ(second.results.at(0).id.value, "a");
  EXPECT_EQ(second.next, "");
  EXPECT_EQ(server.lines(),
            (std::vector{"GET /v1/predictions"s, "GET /v1/predictions?cursor=c2"s}));
}

TEST(ClientList, a_cursor_to_another_host_is_rejected_before_the_token_is_sent) {
  RawServer stranger;
  RawServer server;
  EXPECT_EQ(error_of([&] {
              return client_of(server).list({.cursor = stranger.url() + "/v1/predictions"});
            }).kind(),
            ErrorKind::server);
  EXPECT_EQ(stranger.connections() + server.connections(), 0);
}

TEST(ClientModel, is_read_by_its_name) {
  RawServer server({reply(200, R"({"owner":"me","name":"mine","latest_version":{"id":"abc"}})")});
  EXPECT_EQ(client_of(server).model({"me", "mine"}).latest_version.id, "abc");
  EXPECT_EQ(server.lines(), std::vector{"GET /v1/models/me/mine"s});
}

TEST(Client, never_shows_its_token_in_an_error_or_a_log_line) {
  RawServer server({reply(401, R"({"detail":"bad token"})")});
  ClientOptions options = test::options_for(server);
  std::string all;
  options.log = [&all](LogLevel, std::string_view line) { all += std::string(line) + "\n"; };
  all += error_of([&] { return Client(ApiToken(test::kToken), options).account(); }).what();
  EXPECT_TRUE(holds(all, "GET " + server.url() + "/v1/account"));
  EXPECT_FALSE(holds(all, std::string(test::kToken)));
}

}  // namespace
}  // namespace rellama

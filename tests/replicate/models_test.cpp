// Models, their versions and the search: what the client asks for and what it makes of the answers.

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
using test::RawServer;
using test::reply;

TEST(ClientModels, a_version_has_its_schema) {
  RawServer server({reply(200, R"({"id":"abc","created_at":"2023-09-13T15:41:34Z",)"
                               R"("cog_version":"0.8.1","openapi_schema":{"a":1.0}})")});
  const PublishedVersion version = client_of(server).version({"me", "mine"}, "abc");
  EXPECT_EQ(server.lines(), std::vector{"GET /v1/models/me/mine/versions/abc"s});
  EXPECT_EQ(version.id, "abc");
  EXPECT_EQ(version.created_at, "2023-09-13T15:41:34Z");
  EXPECT_EQ(version.openapi_schema.text, R"({"a":1.0})");
}

TEST(ClientModels, the_error_for_a_missing_version_names_it) {
  RawServer server({reply(404, R"({"detail":"Not found"})")});
  const Error error = error_of([&] { return client_of(server).version({"me", "mine"}, "abc"); });
  EXPECT_EQ(error.kind(), ErrorKind::not_found);
  EXPECT_TRUE(holds(error.what(), "cannot find me/mine:abc"));
}

TEST(ClientModels, versions_keep_the_servers_order) {
  RawServer server({reply(200, R"({"results":[{"id":"b"},{"id":"a"},7],"next":null})")});
  const auto versions = client_of(server).versions({"me", "mine"});
  EXPECT_EQ(server.lines(), std::vector{"GET /v1/models/me/mine/versions"s});
  ASSERT_EQ(versions.size(), 2U);
  EXPECT_EQ(versions[0].id, "b");
  EXPECT_EQ(versions[1].id, "a");
}

TEST(ClientModels, a_search_is_a_query_with_the_plain_text_as_its_body) {
  RawServer server({reply(200, R"({"results":[{"owner":"a","name":"b","run_count":7,)"
                               R"("is_official":true,"latest_version":null}]})")});
  const auto models = client_of(server).search("llama & \"friends\"");
  ASSERT_EQ(server.requests().size(), 1U);
  const auto request = server.requests()[0];
  EXPECT_EQ(request.line(), "QUERY /v1/models");
  EXPECT_EQ(request.body, "llama & \"friends\"");
  EXPECT_EQ(request.header("content-type"), "text/plain");
  EXPECT_EQ(request.header("authorization"), "Bearer r8_unit_test");
  ASSERT_EQ(models.size(), 1U);
  EXPECT_EQ(models[0].name, (ModelName{"a", "b"}));
  EXPECT_EQ(models[0].run_count, 7);
  EXPECT_EQ(models[0].is_official, true);
  EXPECT_EQ(models[0].latest_version.id, "");
}

TEST(ClientModels, a_search_is_retried_like_any_read) {
  RawServer server({reply(503, "", {"Retry-After: 0"}), reply(200, R"({"results":[]})")});
  EXPECT_TRUE(client_of(server).search("x").empty());
  EXPECT_EQ(server.count("QUERY /v1/models"), 2);
}

TEST(ClientModels, a_page_without_results_is_a_server_error) {
  for (const std::string body : {"[]", "{}", R"({"results":7})", "<html>"}) {
    RawServer server({reply(200, body)});
    EXPECT_EQ(error_of([&] { return client_of(server).search("x"); }).kind(), ErrorKind::server)
        << body;
  }
}

}  // namespace
}  // namespace rellama

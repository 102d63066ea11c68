#include "wire/resource_json.hpp"

#include <gtest/gtest.h>

#include <string>

#include "support/expect_error.hpp"

namespace rellama::wire {
namespace {

TEST(AccountJson, tells_who_the_token_belongs_to) {
  const Account account = parse_account(
      R"({"type":"organization","username":"acme","name":"Acme Inc","github_url":"https://g/acme"})");
  EXPECT_EQ(account.type, "organization");
  EXPECT_EQ(account.username, "acme");
  EXPECT_EQ(account.name, "Acme Inc");
}

TEST(AccountJson, fields_may_be_missing) {
  EXPECT_EQ(parse_account(R"({"username":"ann","name":null})").username, "ann");
  EXPECT_EQ(parse_account(R"({"username":"ann","name":null})").name, "");
  EXPECT_EQ(parse_account("{}").type, "");
}

TEST(ModelJson, has_the_version_to_run) {
  const Model model = parse_model(
      R"({"owner":"ann","name":"chat","description":"Talks.","run_count":7,"visibility":"public",)"
      R"("latest_version":{"id":"0123abcd","cog_version":"0.9.1","openapi_schema":{"a":{}}}})");
  EXPECT_EQ(model.name, (ModelName{"ann", "chat"}));
  EXPECT_EQ(model.description, "Talks.");
  EXPECT_EQ(model.latest_version.id, "0123abcd");
}

TEST(ModelJson, a_model_without_a_version_has_none) {
  for (const std::string version : {"null", "{}", "\"x\"", "{\"id\":null}", "[]"}) {
    EXPECT_EQ(parse_model(R"({"owner":"a","name":"b","latest_version":)" + version + "}")
                  .latest_version.id,
              "")
        << version;
  }
  EXPECT_EQ(parse_model(R"({"owner":"a","name":"b"})").latest_version.id, "");
}

TEST(ModelJson, has_the_other_published_fields) {
  const Model model = parse_model(
      R"({"owner":"ann","name":"chat","run_count":7,"is_official":true,"latest_version":)"
      R"({"id":"0123","created_at":"2024-01-01T00:00:00Z","cog_version":"0.9","openapi_schema":{"a":1.0}}})");
  EXPECT_EQ(model.run_count, 7);
  EXPECT_EQ(model.is_official, true);
  EXPECT_EQ(model.latest_version.created_at, "2024-01-01T00:00:00Z");
  EXPECT_EQ(model.latest_version.openapi_schema.text, R"({"a":1.0})");
  const Model older = parse_model(R"({"owner":"a","name":"b","is_official":null,"run_count":"x"})");
  EXPECT_EQ(older.is_official, std::nullopt) << "not set in responses from before 2025";
  EXPECT_EQ(older.run_count, 0);
}

TEST(ModelJson, survives_rendering_and_parsing) {
  for (
      const std::string text :
      {R"({"owner":"a","name":"b","latest_version":null})",
       R"({"owner":"a","name":"b","description":"c","run_count":3,"is_official":false,)"
       R"("latest_version":{"id":"x","created_at":"t","cog_version":"1","openapi_schema":{"y":[]}}})"}) {
    const Model model = parse_model(text);
    const Model again = parse_model(render_model(model));
    EXPECT_EQ(again.name, model.name);
    EXPECT_EQ(again.description, model.description);
    EXPECT_EQ(again.is_official, model.is_official);
    EXPECT_EQ(again.run_count, model.run_count);
    EXPECT_EQ(again.latest_version.id, model.latest_version.id);
    EXPECT_EQ(again.latest_version.created_at, model.latest_version.created_at);
    EXPECT_EQ(again.latest_version.openapi_schema, model.latest_version.openapi_schema);
  }
}

TEST(VersionJson, a_page_survives_rendering_and_parsing_without_the_schemas) {
  const auto versions =
      parse_version_page(R"({"results":[{"id":"b","openapi_schema":{}},{"id":"a"}]})");
  const auto again = parse_version_page(render_version_page(versions));
  ASSERT_EQ(again.size(), 2U);
  EXPECT_EQ(again[0].id, "b");
  EXPECT_EQ(again[0].openapi_schema.text, "");
}

TEST(ResourceJson, anything_but_an_object_is_a_server_error_that_names_the_resource) {
  for (const std::string bad : {"", "[]", "null", "7", "{", "<p>"}) {
    const Error account = test::error_of([&] { return parse_account(bad); });
    EXPECT_EQ(account.kind(), ErrorKind::server) << bad;
    EXPECT_TRUE(test::holds(account.what(), "the account"));
    const Error model = test::error_of([&] { return parse_model(bad); });
    EXPECT_EQ(model.kind(), ErrorKind::server) << bad;
    EXPECT_TRUE(test::holds(model.what(), "the model"));
  }
}

}  // namespace
}  // namespace rellama::wire

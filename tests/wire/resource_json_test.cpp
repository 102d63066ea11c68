#include "wire/resource_json.hpp"

#include <gtest/gtest.h>

#include <string>

#include "core/expect_error.hpp"

namespace rellama::wire {
namespace {

TEST(AccountJson, says_who_the_token_belongs_to) {
  const Account account = parse_account(
      R"({"type":"organization","username":"acme","name":"Acme Inc","github_url":"https://g/acme"})");
  EXPECT_EQ(account.type, "organization");
  EXPECT_EQ(account.username, "acme");
  EXPECT_EQ(account.name, "Acme Inc");
}

TEST(AccountJson, may_leave_things_out) {
  EXPECT_EQ(parse_account(R"({"username":"ann","name":null})").username, "ann");
  EXPECT_EQ(parse_account(R"({"username":"ann","name":null})").name, "");
  EXPECT_EQ(parse_account("{}").type, "");
}

TEST(ModelJson, gives_the_version_to_run) {
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

TEST(ResourceJson, what_is_no_object_is_a_server_error_that_says_of_what) {
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

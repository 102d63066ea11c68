#include "emulator_fixture.hpp"

namespace rellama::emulator::test {
namespace {

using nlohmann::json;

class EmulatorDirectory : public EmulatorTest {};

TEST_F(EmulatorDirectory, deployments_are_listed_with_their_current_release) {
  start();
  const json list = get("/v1/deployments").json();
  ASSERT_EQ(list["results"].size(), 1U);
  const json& deployment = list["results"][0];
  EXPECT_EQ(deployment["name"], "llama-chat");
  EXPECT_EQ(deployment["current_release"]["created_by"]["username"], "rellama-demo");
  EXPECT_EQ(get("/v1/deployments/rellama-demo/llama-chat").json(), deployment);
}

TEST_F(EmulatorDirectory, collections_are_listed_without_their_models) {
  start();
  const json list = get("/v1/collections").json();
  ASSERT_EQ(list["results"].size(), 2U);
  EXPECT_EQ(list["results"][0]["slug"], "language-models");
  EXPECT_FALSE(list["results"][0].contains("models"));
}

TEST_F(EmulatorDirectory, a_search_finds_models_and_collections) {
  start();
  const json found = get("/v1/search?query=LLAMA-2&limit=3").json();
  EXPECT_EQ(found["query"], "LLAMA-2");
  ASSERT_EQ(found["models"].size(), 3U);
  EXPECT_EQ(found["models"][0]["model"]["owner"], "meta");
  EXPECT_TRUE(found["models"][0]["metadata"]["tags"].is_array());
  EXPECT_TRUE(found["pages"].is_array());
  const json collection = get("/v1/collections/language-models").json();
  EXPECT_EQ(get("/v1/search?query=language").json()["collections"][0]["models"].size(),
            collection["models"].size());
}

TEST_F(EmulatorDirectory, a_search_needs_a_query_and_a_limit_up_to_50) {
  start();
  EXPECT_EQ(get("/v1/search").json()["detail"], "Query parameter \"query\" is required");
  for (const char* limit : {"0", "51", "x", "-1"}) {
    EXPECT_EQ(get(std::string("/v1/search?query=llama&limit=") + limit).status, 400) << limit;
  }
}

TEST_F(EmulatorDirectory, a_model_search_may_be_sent_as_json) {
  start();
  const auto search = [this](const std::string& text) {
    return exchange(emulator().port(), "QUERY", "/v1/models",
                    {{"Authorization", "Bearer r8_test"}, {"Content-Type", "text/plain"}}, text)
        .json()["results"]
        .size();
  };
  EXPECT_GT(search("falcon"), 0U);
  EXPECT_EQ(search("\"falcon\""), search("falcon"));
  EXPECT_EQ(search("no such model"), 0U);
}

TEST_F(EmulatorDirectory, a_model_has_a_readme_and_examples) {
  start();
  const Answer readme = get("/v1/models/meta/llama-2-7b-chat/readme");
  EXPECT_EQ(readme.header("Content-Type"), "text/plain; charset=utf-8");
  EXPECT_TRUE(readme.body.starts_with("# meta/llama-2-7b-chat\n")) << readme.body;
  EXPECT_EQ(get("/v1/models/meta/nothing/readme").status, 404);

  const json examples = get("/v1/models/meta/llama-2-7b-chat/examples").json()["results"];
  ASSERT_EQ(examples.size(), 1U);
  EXPECT_EQ(examples[0]["status"], "succeeded");
  EXPECT_FALSE(text_of(examples[0]["output"]).empty());
  EXPECT_EQ(get("/v1/models/meta/llama-2-7b-chat/examples").json()["results"], examples);
  EXPECT_TRUE(get("/v1/models/rellama-demo/unpublished/examples").json()["results"].empty());
}

TEST_F(EmulatorDirectory, no_prediction_comes_from_the_web) {
  start();
  ask("meta/llama-2-7b-chat", {{"prompt", "hi"}});
  EXPECT_EQ(get("/v1/predictions").json()["results"].size(), 1U);
  EXPECT_TRUE(get("/v1/predictions?source=web").json()["results"].empty());
  EXPECT_EQ(get("/v1/predictions?source=api").status, 422);
}

}  // namespace
}  // namespace rellama::emulator::test

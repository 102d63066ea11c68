#include <set>

#include "emulator_fixture.hpp"

namespace rellama::emulator::test {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

class EmulatorApi : public EmulatorTest {};

TEST_F(EmulatorApi, a_missing_token_and_an_invalid_one_have_different_messages) {
  start();
  const int port = emulator().port();
  const Answer none = exchange(port, "GET", "/v1/account");
  EXPECT_EQ(none.status, 401);
  EXPECT_EQ(none.header("Content-Type"), "application/problem+json");
  EXPECT_EQ(none.json()["detail"], "You did not pass an authentication token");
  for (const char* value :
       {"Bearer r8_invalid", "Bearer invalid", "Bearer ", "Bearer", "Basic x"}) {
    const Answer bad = exchange(port, "GET", "/v1/account", {{"Authorization", value}});
    EXPECT_EQ(bad.status, 401) << value;
    EXPECT_EQ(bad.json()["detail"], "You did not pass a valid authentication token") << value;
  }
  EXPECT_EQ(exchange(port, "GET", "/v1/account", {{"Authorization", "Token r8_x"}}).status, 200);
}

TEST_F(EmulatorApi, the_account_is_a_user) {
  start();
  const Answer answer = get("/v1/account");
  EXPECT_EQ(answer.json()["type"], "user");
  EXPECT_EQ(answer.header("ratelimit-remaining"), "2999");
}

TEST_F(EmulatorApi, an_unknown_path_outside_v1_gets_a_reply_in_plain_text) {
  start();
  const Answer outside = post("/predictions", {{"input", json::object()}});
  EXPECT_EQ(outside.status, 404);
  EXPECT_EQ(outside.header("Content-Type"), "text/plain; charset=utf-8");
  const Answer inside = get("/v1/nothing");
  EXPECT_EQ(inside.status, 404);
  EXPECT_EQ(inside.json()["status"], 404);
}

TEST_F(EmulatorApi, unknown_models_versions_and_predictions_are_not_found) {
  start();
  for (const char* path :
       {"/v1/predictions/nope", "/v1/models/meta/none", "/v1/models/meta/none/versions",
        "/v1/models/meta/llama-2-7b-chat/versions/0", "/v1/collections/none", "/v1/streams/unknown",
        "/v1/deployments/a/b", "/v1/models//x"}) {
    EXPECT_EQ(get(path).status, 404) << path;
  }
  EXPECT_EQ(post("/v1/predictions/nope/cancel", nullptr).status, 404);
}

TEST_F(EmulatorApi, a_model_contains_the_schema_of_its_latest_version) {
  start();
  const json model = get("/v1/models/meta/llama-2-70b-chat").json();
  EXPECT_EQ(model["is_official"], true);
  EXPECT_EQ(model["latest_version"]["id"], kPinned);
  const json& schemas = model["latest_version"]["openapi_schema"]["components"]["schemas"];
  const json& inputs = schemas["Input"]["properties"];
  const std::vector<std::string> names{
      "prompt", "system_prompt",  "max_new_tokens", "min_new_tokens", "temperature",      "top_p",
      "top_k",  "stop_sequences", "seed",           "debug",          "replicate_weights"};
  ASSERT_EQ(inputs.size(), names.size());
  for (std::size_t i = 0; i < names.size(); ++i) EXPECT_EQ(inputs[names[i]]["x-order"], i);
  EXPECT_TRUE(inputs["max_new_tokens"]["minimum"].is_number_float()) << "1.0, as recorded";
  EXPECT_EQ(inputs["max_new_tokens"]["default"], 128);
  EXPECT_FALSE(inputs["seed"].contains("default"));
  EXPECT_EQ(schemas["Output"]["x-cog-array-type"], "iterator");
  EXPECT_EQ(schemas["Input"]["required"], json::array({"prompt"}));
  EXPECT_EQ(get("/v1/models/meta/llama-2-70b-chat/versions/" + std::string(kPinned)).json(),
            model["latest_version"]);
  EXPECT_EQ(get("/v1/models/meta/llama-2-70b-chat/versions").json()["results"].size(), 1U);
}

TEST_F(EmulatorApi, an_input_with_choices_refers_to_a_separate_schema) {
  start();
  const json schemas = get("/v1/models/rellama-demo/storyteller")
                           .json()["latest_version"]["openapi_schema"]["components"]["schemas"];
  EXPECT_EQ(schemas["Input"]["properties"]["tone"]["allOf"][0]["$ref"],
            "#/components/schemas/tone");
  EXPECT_EQ(schemas["tone"]["enum"], json::array({"plain", "gothic", "comic"}));
}

TEST_F(EmulatorApi, a_model_may_have_no_version) {
  start();
  EXPECT_EQ(get("/v1/models/rellama-demo/unpublished").json()["latest_version"], nullptr);
  EXPECT_EQ(get("/v1/models/rellama-demo/unpublished/versions").json()["results"], json::array());
}

TEST_F(EmulatorApi, pages_of_models_link_to_the_next_and_previous_page) {
  EmulatorOptions options;
  options.model_page_size = 4;
  start(options);
  const std::string origin = "http://127.0.0.1:" + std::to_string(emulator().port());
  std::set<std::string> names;
  std::string last_previous;
  std::string path = "/v1/models";
  std::string before_last;
  while (!path.empty()) {
    const json page = get(path).json();
    for (const json& model : page["results"]) names.insert(model["name"].get<std::string>());
    if (page["previous"].is_string()) {
      EXPECT_EQ(page["previous"].get<std::string>(), origin + before_last);
    }
    before_last = path;
    path = page["next"].is_null() ? "" : page["next"].get<std::string>().substr(origin.size());
  }
  EXPECT_EQ(names.size(), 25U);
}

TEST_F(EmulatorApi, a_query_searches_models) {
  start();
  const Answer answer =
      exchange(emulator().port(), "QUERY", "/v1/models",
               {{"Authorization", "Bearer r8_x"}, {"Content-Type", "text/plain"}}, "Stories");
  ASSERT_EQ(answer.status, 200);
  ASSERT_EQ(answer.json()["results"].size(), 1U);
  EXPECT_EQ(answer.json()["results"][0]["name"], "storyteller");
  EXPECT_EQ(emulator().requests().back().method, "QUERY");
}

TEST_F(EmulatorApi, the_collection_of_language_models_contains_those_that_write_text) {
  start();
  const json collection = get("/v1/collections/language-models").json();
  EXPECT_EQ(collection["slug"], "language-models");
  EXPECT_EQ(collection["models"].size(), 19U);
}

TEST_F(EmulatorApi, predictions_are_listed_newest_first_in_pages) {
  EmulatorOptions options;
  options.prediction_page_size = 2;
  start(options);
  std::vector<std::string> ids;
  for (int i = 0; i < 5; ++i) {
    ids.push_back(ask("meta/llama-2-7b-chat", {{"prompt", "x"}}).json()["id"].get<std::string>());
  }
  std::vector<std::string> listed;
  std::string path = "/v1/predictions";
  const std::string origin = "http://127.0.0.1:" + std::to_string(emulator().port());
  while (!path.empty()) {
    const json page = get(path).json();
    for (const json& prediction : page["results"]) {
      EXPECT_EQ(prediction["source"], "api");
      listed.push_back(prediction["id"].get<std::string>());
    }
    path = page["next"].is_null() ? "" : page["next"].get<std::string>().substr(origin.size());
  }
  EXPECT_EQ(listed, std::vector<std::string>(ids.rbegin(), ids.rend()));
}

TEST_F(EmulatorApi, predictions_can_be_filtered_by_creation_time) {
  start();
  const json first = ask("meta/llama-2-7b-chat", {{"prompt", "x"}}).json();
  const json second = ask("meta/llama-2-7b-chat", {{"prompt", "x"}}).json();
  const auto time = second["created_at"].get<std::string>();
  const json after = get("/v1/predictions?created_after=" + time).json()["results"];
  ASSERT_EQ(after.size(), 1U);
  EXPECT_EQ(after[0]["id"], second["id"]);
  const json before = get("/v1/predictions?created_before=" + time).json()["results"];
  ASSERT_EQ(before.size(), 1U);
  EXPECT_EQ(before[0]["id"], first["id"]);
  EXPECT_EQ(get("/v1/predictions?created_after=x").status, 422);
}

TEST_F(EmulatorApi, canceling_before_the_start_leaves_no_output_and_ends_the_stream) {
  EmulatorOptions options;
  options.cold_boot = 10min;
  start(options);
  const json prediction = ask("meta/llama-2-7b-chat", {{"prompt", "x"}}).json();
  const Answer canceled = post(path_of(prediction, "cancel"), nullptr);
  EXPECT_EQ(canceled.status, 200);
  EXPECT_EQ(canceled.json()["status"], "canceled");
  EXPECT_EQ(canceled.json()["logs"], nullptr);
  EXPECT_EQ(canceled.json()["output"], nullptr);
  const auto events = parse_events(stream(prediction).body);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].data, R"({"reason":"canceled"})");
}

TEST_F(EmulatorApi, canceling_a_finished_prediction_has_no_effect) {
  start();
  const json prediction = ask("meta/llama-2-7b-chat", {{"prompt", "x"}}).json();
  const Answer canceled = post(path_of(prediction, "cancel"), nullptr);
  EXPECT_EQ(canceled.status, 200);
  EXPECT_EQ(canceled.json()["status"], "succeeded");
}

TEST_F(EmulatorApi, polls_have_a_much_higher_rate_limit) {
  start();
  const json prediction = ask("meta/llama-2-7b-chat", {{"prompt", "x"}}).json();
  EXPECT_EQ(get(path_of(prediction, "get")).header("ratelimit-remaining"), "59999");
}

}  // namespace
}  // namespace rellama::emulator::test

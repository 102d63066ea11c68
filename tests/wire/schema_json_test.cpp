#include "wire/schema_json.hpp"

#include <gtest/gtest.h>

#include <string>

#include "wire/resource_json.hpp"

namespace rellama::wire {
namespace {

std::vector<ModelInput> inputs_of(const std::string& schemas) {
  return read_inputs(
      nlohmann::ordered_json::parse(R"({"components":{"schemas":)" + schemas + "}}"));
}

TEST(SchemaJson, inputs_come_in_the_order_the_schema_asks_for) {
  const auto inputs = inputs_of(R"({"Input":{"required":["prompt"],"properties":{
    "b":{"type":"integer","x-order":2,"minimum":1.0,"maximum":9,"default":3},
    "last":{"type":"boolean","default":false},
    "prompt":{"type":"string","x-order":0,"description":"What to say","title":"Prompt"},
    "image":{"type":"string","format":"uri","x-order":1}}}})");
  ASSERT_EQ(inputs.size(), 4U);
  EXPECT_EQ(inputs[0].name, "prompt");
  EXPECT_EQ(inputs[0].description, "What to say");
  EXPECT_TRUE(inputs[0].required);
  EXPECT_EQ(inputs[1].format, "uri");
  EXPECT_EQ(inputs[2].name, "b");
  EXPECT_EQ(inputs[2].type, "integer");
  EXPECT_EQ(inputs[2].minimum, 1.0);
  EXPECT_EQ(inputs[2].maximum, 9.0);
  EXPECT_EQ(inputs[2].default_value, "3");
  EXPECT_FALSE(inputs[2].required);
  EXPECT_EQ(inputs[3].default_value, "false");
}

TEST(SchemaJson, a_choice_may_stand_behind_a_reference) {
  const auto inputs = inputs_of(R"({"size":{"type":"string","enum":["s","m"],"description":"far"},
    "Input":{"properties":{
      "size":{"allOf":[{"$ref":"#/components/schemas/size"}],"default":"m","description":"near"},
      "other":{"$ref":"#/components/schemas/size"},
      "lost":{"allOf":[{"$ref":"#/components/schemas/none"},{"$ref":"https://h/x"},7]}}}})");
  ASSERT_EQ(inputs.size(), 3U);
  EXPECT_EQ(inputs[0].choices, (std::vector<std::string>{"\"s\"", "\"m\""}));
  EXPECT_EQ(inputs[0].type, "string");
  EXPECT_EQ(inputs[0].default_value, "\"m\"");
  EXPECT_EQ(inputs[0].description, "near");
  EXPECT_EQ(inputs[1].choices.size(), 2U);
  EXPECT_TRUE(inputs[2].choices.empty());
}

TEST(SchemaJson, what_is_not_as_it_should_be_is_left_out) {
  for (const std::string schemas :
       {"{}", "[]", "null", R"({"Input":null})", R"({"Input":{"properties":[]}})",
        R"({"Input":{"properties":{}}})"}) {
    EXPECT_TRUE(inputs_of(schemas).empty()) << schemas;
  }
  const auto inputs = inputs_of(
      R"({"Input":{"required":7,"properties":{"a":null,"b":{"minimum":"1","enum":7,"allOf":7}}}})");
  ASSERT_EQ(inputs.size(), 2U);
  EXPECT_EQ(inputs[0].name, "a");
  EXPECT_FALSE(inputs[1].minimum);
}

TEST(ResourceJson, a_model_is_read_back_as_it_was_kept) {
  const std::string json = R"({"owner":"o","name":"n","description":"d","visibility":"public",
    "run_count":5,"latest_version":{"id":"v1","created_at":"2024-01-02T03:04:05Z","openapi_schema":
    {"components":{"schemas":{"Input":{"properties":{"prompt":{"type":"string"}}}}}}}})";
  const Model model = parse_model(json);
  const Model kept = parse_model(render_model(model));
  EXPECT_EQ(kept.name, model.name);
  EXPECT_EQ(kept.description, "d");
  EXPECT_EQ(kept.visibility, "public");
  EXPECT_EQ(kept.run_count, 5);
  EXPECT_EQ(kept.latest_version_id, "v1");
  EXPECT_EQ(kept.latest_version_created_at, "2024-01-02T03:04:05Z");
  EXPECT_EQ(kept.schema, model.schema);
  ASSERT_EQ(kept.inputs.size(), 1U);

  const Model without =
      parse_model(render_model(parse_model(R"({"owner":"o","name":"n","latest_version":null})")));
  EXPECT_EQ(without.latest_version_id, "");
  EXPECT_TRUE(without.inputs.empty());
}

}  // namespace
}  // namespace rellama::wire

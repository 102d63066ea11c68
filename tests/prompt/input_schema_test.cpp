#include "prompt/input_schema.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "prompt/render.hpp"
#include "support/expect_error.hpp"

namespace rellama::prompt {
namespace {

using test::error_of;
using test::holds;

// An image model as Cog describes one: references, an order that is not that of the file, bounds of
// whole numbers as floats, nothing required.
const std::string kPainter = R"({"components":{"schemas":{
  "Input":{"type":"object","title":"Input","properties":{
    "steps":{"type":"integer","title":"Steps","default":25,"maximum":50.0,"minimum":1.0,"x-order":2},
    "sampler":{"allOf":[{"$ref":"#/components/schemas/sampler"}],"default":"EULER","x-order":1,
               "description":"How to draw"},
    "prompt":{"type":"string","title":"Prompt","default":"a llama","x-order":0},
    "mask":{"type":"string","format":"uri","x-order":3},
    "size":{"$ref":"#/components/schemas/size"},
    "stops":{"type":"array","items":{"type":"string"},"x-order":5},
    "note":{"type":"string","nullable":true,"x-order":4}}},
  "sampler":{"title":"sampler","enum":["EULER","DDIM"],"type":"string","description":"An enumeration."},
  "size":{"title":"size","enum":[256,512],"type":"integer"},
  "Output":{"type":"array","items":{"type":"string","format":"uri"}}}}})";

std::string with_input(const std::string& input, const std::string& others = "") {
  return R"({"components":{"schemas":{"Input":)" + input + others + "}}}";
}

InputSchema schema_of(const std::string& openapi) {
  auto schema = InputSchema::parse({openapi});
  EXPECT_TRUE(schema) << openapi;
  return schema ? *std::move(schema) : InputSchema();
}

const ModelRef kModel = ModelName{"ann", "painter"};

std::string refusal(const InputSchema& schema, const Input& input) {
  const Error error = error_of([&] { schema.check(kModel, input); });
  EXPECT_EQ(error.kind(), ErrorKind::invalid_input);
  return error.what();
}

TEST(InputSchema, lists_the_inputs_in_the_order_of_the_schema) {
  std::string names;
  const InputSchema schema = schema_of(kPainter);
  for (const SchemaInput& input : schema.inputs()) names += input.name + " ";
  EXPECT_EQ(names, "prompt sampler steps mask note stops size ");
}

TEST(InputSchema, describes_each_input) {
  const InputSchema schema = schema_of(kPainter);
  const auto& inputs = schema.inputs();
  EXPECT_EQ(describe(inputs[0]), "text");
  EXPECT_EQ(inputs[0].default_value, "\"a llama\"");
  EXPECT_EQ(describe(inputs[1]), R"(one of "EULER", "DDIM")");
  EXPECT_EQ(inputs[1].default_value, "\"EULER\"");
  EXPECT_EQ(inputs[1].description, "How to draw") << "not that of the referenced schema";
  EXPECT_EQ(describe(inputs[2]), "a whole number, 1 to 50");
  EXPECT_EQ(describe(inputs[4]), "text");
  EXPECT_EQ(describe(inputs[5]), "list of text");
  EXPECT_EQ(describe(inputs[6]), "one of 256, 512");
  for (const SchemaInput& input : inputs) EXPECT_FALSE(input.required) << input.name;
}

TEST(InputSchema, valid_input_is_accepted) {
  const InputSchema schema = schema_of(kPainter);
  schema.check(kModel, {});
  schema.check(kModel, {{"prompt", std::string("x")},
                        {"sampler", std::string("DDIM")},
                        {"steps", std::int64_t{50}},
                        {"size", std::int64_t{512}},
                        {"stops", JsonText{R"(["a","b"])"}},
                        {"note", JsonText{"null"}}});
}

TEST(InputSchema, invalid_input_is_rejected_with_the_allowed_values) {
  const InputSchema schema = schema_of(kPainter);
  EXPECT_TRUE(holds(refusal(schema, {{"steps", std::int64_t{51}}}),
                    "steps cannot be 51: ann/painter accepts a whole number, 1 to 50; "));
  EXPECT_TRUE(holds(refusal(schema, {{"steps", 1.5}}), "steps cannot be 1.5: "));
  EXPECT_TRUE(holds(refusal(schema, {{"steps", std::string("5")}}), "steps cannot be \"5\": "));
  EXPECT_TRUE(holds(refusal(schema, {{"sampler", std::string("PNDM")}}),
                    R"(sampler cannot be "PNDM": ann/painter accepts one of "EULER", "DDIM")"));
  EXPECT_TRUE(holds(refusal(schema, {{"size", std::int64_t{300}}}), "accepts one of 256, 512"));
  EXPECT_TRUE(holds(refusal(schema, {{"stops", JsonText{"[1]"}}}), "accepts list of text"));
  EXPECT_TRUE(holds(refusal(schema, {{"prompt", JsonText{"null"}}}), "prompt cannot be null"));
}

TEST(InputSchema, a_missing_required_input_is_named) {
  const InputSchema schema = schema_of(with_input(
      R"({"required":["prompt","tone"],"properties":{"prompt":{"type":"string"},
          "tone":{"type":"string"}}})"));
  EXPECT_TRUE(holds(refusal(schema, {{"prompt", std::string("x")}}),
                    "ann/painter requires the input 'tone': text; set it with -o tone=VALUE"));
}

TEST(InputSchema, a_loose_schema_rejects_little) {
  for (const std::string& input :
       {std::string(R"({"properties":{}})"), std::string(R"({"properties":{"x":{}}})"),
        std::string(R"({"properties":{"x":{"$ref":"#/nowhere"}}})"),
        std::string(R"({"properties":{"x":{"$ref":"https://example.com/x"}}})"),
        std::string(R"({"properties":{"x":{"$ref":7}}})"),
        std::string(R"({"properties":{"x":{"type":"strange"}}})"),
        std::string(R"({"properties":{"x":{"minimum":"low"}}})"),
        std::string(R"({"properties":{"x":{"enum":7}}})"),
        std::string(R"({"properties":{"x":{"pattern":"(a+)+$"}}})"),
        std::string(R"({"required":"x","properties":{"x":{"x-order":"first"}}})")}) {
    schema_of(with_input(input)).check(kModel, {{"x", std::string(30, 'a') + "b"}});
  }
}

TEST(InputSchema, anything_but_a_schema_of_inputs_is_ignored) {
  for (const std::string& text :
       {std::string(), std::string("null"), std::string("[]"), std::string("{}"),
        std::string(R"({"components":7})"), std::string(R"({"components":{"schemas":{}}})"),
        with_input("null"), with_input("[]"), with_input("{}"),
        with_input(R"({"properties":[]})")}) {
    EXPECT_FALSE(InputSchema::parse({text})) << text;
  }
}

TEST(InputSchema, a_recursive_schema_is_ignored) {
  EXPECT_FALSE(
      InputSchema::parse({with_input(R"({"properties":{"x":{"$ref":"#/components/schemas/A"}}})",
                                     R"(,"A":{"allOf":[{"$ref":"#/components/schemas/A"}]})")}));
  std::string doubling;
  for (int i = 0; i < 40; ++i) {
    const std::string next = R"({"$ref":"#/components/schemas/D)" + std::to_string(i + 1) + "\"}";
    doubling += ",\"D" + std::to_string(i) + R"(":{"anyOf":[)" + next + "," + next + "]}";
  }
  EXPECT_FALSE(InputSchema::parse(
      {with_input(R"({"properties":{"x":{"$ref":"#/components/schemas/D0"}}})", doubling)}));
}

TEST(InputSchema, an_input_may_have_the_name_of_a_schema_keyword) {
  const InputSchema schema = schema_of(with_input(
      R"({"properties":{"format":{"type":"string"},"pattern":{"type":"integer"},
          "default":{"type":"string"},"$ref":{"type":"string"},"enum":{"type":"string"}}})"));
  EXPECT_EQ(schema.inputs().size(), 5U);
  EXPECT_TRUE(holds(refusal(schema, {{"pattern", std::string("x")}}), "pattern cannot be \"x\""));
}

TEST(InputSchema, exclusive_bounds_of_openapi_are_understood) {
  const InputSchema schema = schema_of(
      with_input(R"({"properties":{"x":{"type":"number","minimum":0,"exclusiveMinimum":true}}})"));
  schema.check(kModel, {{"x", 0.1}});
  EXPECT_TRUE(holds(refusal(schema, {{"x", 0.0}}), "x cannot be 0: "));
}

TEST(InputSchema, a_value_of_any_of_several_types_is_checked_by_the_schema) {
  const InputSchema schema = schema_of(
      with_input(R"({"properties":{"x":{"anyOf":[{"type":"integer"},{"type":"null"}]}}})"));
  schema.check(kModel, {{"x", std::int64_t{3}}});
  schema.check(kModel, {{"x", JsonText{"null"}}});
  EXPECT_TRUE(holds(refusal(schema, {{"x", std::string("a")}}), "x cannot be \"a\""));
}

Input render(const InputSchema& schema, const GenerationParameters& parameters) {
  return render_input({kModel, schema.build(), &schema}, "Hi", parameters);
}

TEST(RenderBySchema, parameters_are_sent_under_the_models_names) {
  const InputSchema schema = schema_of(with_input(
      R"({"properties":{"prompt":{"type":"string"},"max_gen_len":{"type":"integer"},
          "temperature":{"type":"number"}}})"));
  GenerationParameters parameters;
  parameters.max_new_tokens = 9;
  EXPECT_EQ(render(schema, parameters),
            (Input{{"prompt", std::string("Hi")}, {"max_gen_len", std::int64_t{9}}}));
}

TEST(RenderBySchema, of_two_names_for_one_parameter_the_preferred_is_used_and_both_can_be_set) {
  const InputSchema schema = schema_of(with_input(
      R"({"properties":{"prompt":{"type":"string"},"max_new_tokens":{"type":"integer"},
          "max_tokens":{"type":"integer"}}})"));
  GenerationParameters parameters;
  parameters.others = {{"max_tokens", UntypedText{"7"}}};
  EXPECT_EQ(render(schema, parameters),
            (Input{{"prompt", std::string("Hi")}, {"max_tokens", std::int64_t{7}}}));
  parameters.others.push_back({"max_new_tokens", UntypedText{"7"}});
  EXPECT_EQ(render(schema, parameters).size(), 3U);
}

TEST(RenderBySchema, text_is_converted_to_the_type_in_the_schema) {
  const InputSchema schema = schema_of(with_input(
      R"({"properties":{"prompt":{"type":"string"},"n":{"type":"integer"},"r":{"type":"number"},
          "b":{"type":"boolean"},"s":{"type":"string"},"l":{"type":"array"}}})"));
  GenerationParameters parameters;
  for (const auto& [name, text] : {std::pair("n", "1"), std::pair("r", "1"), std::pair("b", "true"),
                                   std::pair("s", "1"), std::pair("l", "[1]")}) {
    parameters.others.push_back({name, UntypedText{text}});
  }
  EXPECT_EQ(render(schema, parameters), (Input{{"prompt", std::string("Hi")},
                                               {"n", std::int64_t{1}},
                                               {"r", 1.0},
                                               {"b", true},
                                               {"s", std::string("1")},
                                               {"l", JsonText{"[1]"}}}));
}

// A check by such a divisor divides by zero, or overflows.
TEST(RenderBySchema, an_invalid_divisor_is_left_to_the_server) {
  for (const char* divisor : {"0", "0.0", "-1", "18446744073709551615", "\"2\"", "null"}) {
    const InputSchema schema = schema_of(with_input(
        R"({"properties":{"prompt":{"type":"string"},"n":{"type":"integer","multipleOf":)" +
        std::string(divisor) + "}}}"));
    GenerationParameters parameters;
    parameters.others = {{"n", UntypedText{"7"}}};
    EXPECT_EQ(render(schema, parameters).size(), 2U) << divisor;
  }
}

TEST(RenderBySchema, a_divisor_is_enforced) {
  const InputSchema schema = schema_of(with_input(
      R"({"properties":{"prompt":{"type":"string"},"n":{"type":"integer","multipleOf":8}}})"));
  GenerationParameters parameters;
  parameters.others = {{"n", UntypedText{"16"}}};
  EXPECT_EQ(render(schema, parameters).size(), 2U);
  parameters.others = {{"n", UntypedText{"7"}}};
  EXPECT_TRUE(holds(error_of([&] { return render(schema, parameters); }).what(), "n cannot be 7"));
}

TEST(RenderBySchema, an_unknown_name_is_rejected_with_a_suggestion) {
  const InputSchema schema = schema_of(kPainter);
  GenerationParameters parameters;
  parameters.others = {{"smapler", UntypedText{"DDIM"}}};
  const Error error = error_of([&] { return render(schema, parameters); });
  EXPECT_TRUE(holds(error.what(), "ann/painter has no input 'smapler'; did you mean sampler?"));
}

TEST(RenderBySchema, a_model_without_a_prompt_input_is_an_error) {
  const InputSchema schema = schema_of(with_input(R"({"properties":{"n":{"type":"integer"}}})"));
  const Error error = error_of([&] { return render(schema, {}); });
  EXPECT_TRUE(holds(error.what(), "ann/painter has no input 'prompt'; its inputs are n"));
}

TEST(RenderBySchema, without_validation_nothing_is_rejected) {
  const InputSchema schema = schema_of(kPainter);
  GenerationParameters parameters;
  parameters.others = {{"steps", UntypedText{"many"}}, {"width", UntypedText{"7"}}};
  EXPECT_EQ(render_input({kModel, schema.build(), &schema, Validation::none}, "Hi", parameters),
            (Input{{"prompt", std::string("Hi")},
                   {"steps", std::string("many")},
                   {"width", std::int64_t{7}}}));
}

// The description of an input of this schema.
std::string described(const std::string& property, const std::string& schemas = "") {
  const auto schema = InputSchema::parse({R"({"components":{"schemas":{)" + schemas +
                                          R"("Input":{"properties":{"x":)" + property + "}}}}}"});
  return schema ? describe(schema->inputs().at(0)) : "(unreadable)";
}

TEST(InputSchema, an_optional_input_is_described_like_a_required_one) {
  const std::string mode = R"("mode":{"type":"string","enum":["fast","slow"]},)";
  EXPECT_EQ(described(R"({"anyOf":[{"type":"string"},{"type":"null"}]})"), "text");
  EXPECT_EQ(described(R"({"oneOf":[{"type":"null"},{"type":"boolean"}]})"), "true or false");
  EXPECT_EQ(described(R"({"type":["integer","null"],"minimum":1,"maximum":8})"),
            "a whole number, 1 to 8");
  EXPECT_EQ(described(R"({"anyOf":[{"type":"integer","minimum":1,"maximum":8},{"type":"null"}]})"),
            "a whole number, 1 to 8");
  EXPECT_EQ(described(R"({"anyOf":[{"$ref":"#/components/schemas/mode"},{"type":"null"}]})", mode),
            R"(one of "fast", "slow")");
  EXPECT_EQ(described(R"({"allOf":[{"$ref":"#/components/schemas/mode"},{"title":"Mode"}]})", mode),
            R"(one of "fast", "slow")");
  EXPECT_EQ(described(R"({"type":"string","enum":["a",null],"nullable":true})"), R"(one of "a")");
}

TEST(InputSchema, files_lists_and_bounds_are_described) {
  EXPECT_EQ(described(R"({"type":"string","format":"uri"})"), "file");
  EXPECT_EQ(described(R"({"anyOf":[{"type":"string","format":"uri"},{"type":"null"}]})"), "file");
  EXPECT_EQ(described(R"({"type":"array","items":{"type":"string","format":"uri"}})"),
            "list of files");
  EXPECT_EQ(described(R"({"type":"array","items":{"type":"integer","minimum":1}})"),
            "list of whole numbers, each 1 or more");
  EXPECT_EQ(described(R"({"type":"array","items":{"enum":["a","b"]}})"),
            R"(list, each one of "a", "b")");
  EXPECT_EQ(described(R"({"type":"array"})"), "list of JSON values");
  EXPECT_EQ(described(R"({"type":"number","exclusiveMinimum":0,"exclusiveMaximum":1})"),
            "a number, more than 0, less than 1");
  EXPECT_EQ(described(R"({"type":"string","maxLength":80})"), "text, at most 80 characters");
  EXPECT_EQ(described(R"({"type":"string","minLength":1})"), "text, at least 1 character");
  EXPECT_EQ(described(R"({"type":"string","minLength":1,"maxLength":9})"),
            "text, 1 to 9 characters");
  EXPECT_EQ(described(R"({"const":"only"})"), R"(one of "only")");
  EXPECT_EQ(described("{}"), "JSON");
}

TEST(InputSchema, an_optional_input_may_be_null_and_its_value_is_checked) {
  const InputSchema schema = schema_of(with_input(
      R"({"properties":{"n":{"anyOf":[{"type":"integer","maximum":8},{"type":"null"}]},
          "mode":{"anyOf":[{"enum":["a"]},{"type":"null"}]}}})"));
  schema.check(kModel, {{"n", JsonText{"null"}}, {"mode", JsonText{"null"}}});
  EXPECT_TRUE(
      holds(refusal(schema, {{"n", std::int64_t{9}}}), "accepts a whole number, 8 or less"));
  EXPECT_TRUE(holds(refusal(schema, {{"mode", std::string("b")}}), R"(accepts one of "a")"));
}

TEST(InputSchema, an_unreadable_input_does_not_hide_the_others) {
  const InputSchema schema = schema_of(
      with_input(R"({"required":["n"],"properties":{"odd":{"anyOf":"x"},"n":{"type":"integer",
          "maximum":8}}})"));
  schema.check(kModel, {{"n", std::int64_t{8}}, {"odd", true}});
  EXPECT_TRUE(holds(refusal(schema, {{"n", std::int64_t{9}}}), "8 or less"));
  EXPECT_TRUE(holds(refusal(schema, {}), "requires the input 'n'"));
}

TEST(InputSchema, whole_numbers_of_more_than_64_bits_are_integers) {
  const InputSchema schema = schema_of(with_input(
      R"({"properties":{"seed":{"type":"integer"},"n":{"type":"integer","maximum":8}}})"));
  schema.check(kModel, {{"seed", JsonText{"12345678901234567890123"}}});
  schema.check(kModel, {{"seed", JsonText{"-12345678901234567890123"}}});
  EXPECT_TRUE(holds(refusal(schema, {{"n", JsonText{"12345678901234567890123"}}}),
                    "n cannot be 12345678901234567890123"));
}

TEST(InputSchema, marks_of_a_secret_are_found_in_every_part_of_an_input) {
  for (const std::string input :
       {R"({"type":"array","items":{"type":"string","x-cog-secret":true}})",
        R"({"type":"array","items":{"type":"string","format":"password"}})",
        R"({"type":"object","properties":{"key":{"type":"string","writeOnly":true}}})",
        R"({"anyOf":[{"type":"array","items":{"type":"string","x-cog-secret":true}},)"
        R"({"type":"string"}]})"}) {
    const auto schema =
        schema_of(with_input(R"({"type":"object","properties":{"k":)" + input + "}}"));
    ASSERT_EQ(schema.inputs().size(), 1U) << input;
    EXPECT_TRUE(schema.inputs()[0].is_secret) << input;
  }
}

TEST(InputSchema, a_refused_secret_is_not_quoted) {
  const auto schema =
      schema_of(with_input(R"({"type":"object","properties":{"k":{"type":"string","minLength":20,)"
                           R"("x-cog-secret":true},"n":{"type":"integer","writeOnly":true}}})"));
  const std::string why = refusal(schema, {{"k", std::string("geheim")}});
  EXPECT_TRUE(holds(why, "k cannot be")) << why;
  EXPECT_FALSE(holds(why, "geheim")) << why;
  const Error error = error_of([&] { (void)parse_input_value(schema.build(), "n", "geheim"); });
  EXPECT_FALSE(holds(error.what(), "geheim")) << error.what();
}

}  // namespace
}  // namespace rellama::prompt

// Inputs of models that are not language models with a `prompt`.

#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "prompt/checks.hpp"
#include "prompt/file_input.hpp"
#include "prompt/messages.hpp"
#include "prompt/render.hpp"
#include "support/expect_error.hpp"
#include "wire/request_json.hpp"

namespace rellama::prompt {
namespace {

using test::holds;

/// A model with these inputs.
class AnyModel {
 public:
  explicit AnyModel(const std::string& input)
      : schema_(*InputSchema::parse(
            {R"({"components":{"schemas":{"Input":{"type":"object",)" + input + "}}}}"})) {
    target_.schema = &schema_;
    target_.build = schema_.build();
  }
  AnyModel(const AnyModel&) = delete;
  AnyModel& operator=(const AnyModel&) = delete;

  [[nodiscard]] std::string input(const std::string& prompt, Input others = {}) const {
    GenerationParameters parameters;
    parameters.others = std::move(others);
    return wire::render_input(render_input(target_, prompt, parameters));
  }
  [[nodiscard]] std::string refusal(const std::string& prompt, Input others = {}) const {
    const Error error = test::error_of([&] { return input(prompt, std::move(others)); });
    EXPECT_EQ(error.kind(), ErrorKind::invalid_input);
    return error.what();
  }
  [[nodiscard]] std::string messages(const std::vector<Turn>& earlier, const std::string& prompt,
                                     const GenerationParameters& parameters = {}) const {
    const TokenEstimate tokens;
    return wire::render_input(
        render_messages(target_,
                        {.earlier = earlier, .prompt = prompt, .family = nullptr, .tokens = tokens},
                        parameters)
            .input);
  }
  [[nodiscard]] bool takes_messages(bool is_conversation, Input others = {}) const {
    GenerationParameters parameters;
    parameters.others = std::move(others);
    return is_sent_as_messages(target_, parameters, is_conversation);
  }

  Target& target() { return target_; }

 private:
  InputSchema schema_;
  Target target_{.model = ModelName{"ann", "any"}, .build = {}};
};

InputField text(const std::string& name, const std::string& value) {
  return {name, UntypedText{value}};
}

InputField file(const std::string& name, const std::string& bytes) {
  return {name, FileContent{"dir/photo.png", std::make_shared<const std::string>(bytes)}};
}

const std::string kText = R"({"type":"string"})";
const std::string kFile = R"({"type":"string","format":"uri"})";

TEST(AnyModel, the_prompt_goes_to_the_only_required_text_input) {
  const AnyModel model(R"("required":["text","n","mode"],"properties":{"text":)" + kText +
                       R"(,"n":{"type":"integer"},"mode":{"enum":["a","b"]},"note":)" + kText +
                       "}");
  EXPECT_EQ(model.input("hi", {text("n", "1"), text("mode", "a")}),
            R"({"text":"hi","n":1,"mode":"a"})");
}

TEST(AnyModel, of_two_required_text_inputs_the_prompt_goes_to_the_one_that_is_not_set) {
  const AnyModel model(R"("required":["text","language"],"properties":{"text":)" + kText +
                       R"(,"language":)" + kText + "}");
  EXPECT_EQ(model.input("hi", {text("language", "fr")}), R"({"text":"hi","language":"fr"})");
  EXPECT_TRUE(holds(model.refusal("hi"), "has no input 'prompt'; its inputs are text, language"));
}

TEST(AnyModel, if_no_text_is_required_the_prompt_goes_to_the_only_one) {
  const AnyModel model(R"("properties":{"query":)" + kText + R"(,"system_prompt":)" + kText + "}");
  EXPECT_EQ(model.input("hi"), R"({"query":"hi"})");
}

TEST(AnyModel, an_input_set_with_o_is_enough) {
  const AnyModel model(R"("required":["text"],"properties":{"text":)" + kText + "}");
  EXPECT_EQ(model.input("", {text("text", "hi")}), R"({"text":"hi"})");
  EXPECT_TRUE(holds(model.refusal("words", {text("text", "hi")}), "text is set twice"));
  EXPECT_TRUE(holds(model.refusal(""), "the prompt is empty"));
}

TEST(AnyModel, a_required_prompt_is_demanded) {
  const AnyModel strict(R"("required":["prompt"],"properties":{"prompt":)" + kText +
                        R"(,"seed":{"type":"integer"}})");
  EXPECT_TRUE(holds(strict.refusal(" ", {text("seed", "1")}), "the prompt is empty"));
  const AnyModel loose(R"("properties":{"prompt":)" + kText + R"(,"seed":{"type":"integer"}})");
  EXPECT_EQ(loose.input("", {text("seed", "1")}), R"({"seed":1})");
}

TEST(AnyModel, repeated_values_become_a_list) {
  const AnyModel model(
      R"("properties":{"prompt":{"type":"string"},"words":{"type":"array","items":{"type":"string"}},
          "nums":{"anyOf":[{"type":"array","items":{"type":"integer"}},{"type":"null"}]},
          "n":{"type":"integer"}})");
  EXPECT_EQ(model.input("hi", {text("words", "a")}), R"({"prompt":"hi","words":["a"]})");
  EXPECT_EQ(model.input("hi", {text("words", "1"), text("words", "b,c")}),
            R"({"prompt":"hi","words":["1","b,c"]})");
  EXPECT_EQ(model.input("hi", {text("nums", "3"), text("nums", "12345678901234567890123")}),
            R"({"prompt":"hi","nums":[3,12345678901234567890123]})");
  EXPECT_EQ(model.input("hi", {text("words", R"(["a","b"])"), {"words", JsonText{R"(["c"])"}}}),
            R"({"prompt":"hi","words":["a","b","c"]})");
  EXPECT_EQ(model.input("hi", {{"nums", JsonText{"null"}}}), R"({"prompt":"hi","nums":null})");
  EXPECT_TRUE(holds(model.refusal("hi", {text("nums", "x")}), "nums cannot be 'x'"));
  EXPECT_TRUE(holds(model.refusal("hi", {text("n", "1"), text("n", "2")}), "n is set twice"));
}

TEST(AnyModel, an_unknown_input_that_is_repeated_is_a_list) {
  const Target unknown{.model = ModelName{"ann", "any"},
                       .build = find_build(ModelName{"ann", "any"})};
  GenerationParameters parameters;
  parameters.others = {text("words", "a"), text("words", "2")};
  EXPECT_EQ(wire::render_input(render_input(unknown, "hi", parameters)),
            R"({"prompt":"hi","words":["a",2]})");
}

TEST(AnyModel, an_unknown_input_gets_text_as_text_and_pictures_as_urls) {
  const auto unknown = [](const std::string& name, const std::string& bytes) {
    const InputField field{"x", FileContent{name, std::make_shared<const std::string>(bytes)}};
    return is_sent_as_url(find_build(ModelName{"ann", "any"}), field);
  };
  EXPECT_FALSE(unknown("notes.txt", "words"));
  EXPECT_FALSE(unknown("data.json", "{}"));
  EXPECT_TRUE(unknown("drawing.svg", "<svg/>"));
  EXPECT_TRUE(unknown("weights", "\xFF"));
}

TEST(AnyModel, a_small_file_is_sent_in_its_url) {
  const AnyModel model(R"("properties":{"prompt":{"type":"string"},"image":)" + kFile +
                       R"(,"images":{"type":"array","items":)" + kFile + R"(},"note":)" + kText +
                       "}");
  EXPECT_EQ(model.input("hi", {file("image", "\x89PNG")}),
            R"({"prompt":"hi","image":"data:image/png;base64,iVBORw=="})");
  EXPECT_EQ(model.input("hi", {file("images", "a"), text("images", "https://a.b/c")}),
            R"({"prompt":"hi","images":["data:image/png;base64,YQ==","https://a.b/c"]})");
  EXPECT_EQ(model.input("hi", {file("note", "words")}), R"({"prompt":"hi","note":"words"})");
  EXPECT_TRUE(holds(model.refusal("hi", {file("note", "\xFF")}), "photo.png' is not UTF-8"));
}

TEST(AnyModel, what_is_neither_a_url_nor_a_file_is_refused) {
  const AnyModel model(R"("properties":{"prompt":{"type":"string"},"image":)" + kFile +
                       R"(,"images":{"type":"array","items":)" + kFile + "}}");
  for (const std::string bad : {"photo.png", "/tmp/photo.png", "", "file:///etc/passwd",
                                "ftp://a/b", "https://a.b/c d", "javascript:x"}) {
    EXPECT_TRUE(holds(model.refusal("hi", {text("image", bad)}), "-o image=@FILE")) << bad;
    EXPECT_TRUE(holds(model.refusal("hi", {text("images", bad)}), "-o images=@FILE")) << bad;
  }
  EXPECT_TRUE(holds(model.refusal("hi", {{"image", std::string("x.png")}}), "-o image=@FILE"));
  EXPECT_TRUE(
      holds(model.refusal("hi", {{"images", JsonText{R"(["x.png"])"}}}), "-o images=@FILE"));
}

TEST(AnyModel, a_large_file_is_uploaded_except_for_a_container) {
  AnyModel model(R"("properties":{"prompt":{"type":"string"},"image":)" + kFile + "}");
  const std::string large(kMaxInlineFile + 1, 'x');
  GenerationParameters parameters;
  parameters.others = {text("prompt2", "a"), file("image", large)};
  EXPECT_EQ(find_upload(model.target(), parameters), 1U);
  EXPECT_TRUE(holds(model.input("hi", {file("image", large)}), "after its upload"));
  parameters.others = {file("image", std::string(kMaxInlineFile, 'x'))};
  EXPECT_FALSE(find_upload(model.target(), parameters));

  model.target().files = Files::inlined;
  parameters.others = {file("image", large)};
  EXPECT_FALSE(find_upload(model.target(), parameters));
  EXPECT_TRUE(holds(model.input("hi", {file("image", large)}), "data:image/png;base64,"));
}

TEST(AnyModel, a_conversation_goes_to_a_model_that_takes_messages_as_messages) {
  const AnyModel model(
      R"("required":["messages"],"properties":{"messages":{"type":"array","items":{"type":"object"}}})");
  EXPECT_TRUE(model.takes_messages(true));
  EXPECT_TRUE(model.takes_messages(false)) << "it takes nothing else";
  EXPECT_FALSE(model.takes_messages(true, {{"messages", JsonText{"[]"}}}));
  EXPECT_EQ(model.messages({{"[INST] a", "b"}}, "c"),
            R"({"messages":[{"role":"user","content":"[INST] a"},)"
            R"({"role":"assistant","content":"b"},{"role":"user","content":"c"}]})");
  GenerationParameters parameters;
  parameters.system_prompt = "Be brief.";
  EXPECT_EQ(model.messages({}, "c", parameters),
            R"({"messages":[{"role":"system","content":"Be brief."},)"
            R"({"role":"user","content":"c"}]})");
}

TEST(AnyModel, a_model_with_a_prompt_as_well_gets_messages_in_conversations_only) {
  const AnyModel model(R"("properties":{"prompt":)" + kText + R"(,"system_prompt":)" + kText +
                       R"(,"messages":{"anyOf":[{"type":"array","items":{}},{"type":"null"}]}})");
  EXPECT_TRUE(model.takes_messages(true));
  EXPECT_FALSE(model.takes_messages(false));
  GenerationParameters parameters;
  parameters.system_prompt = "Be brief.";
  EXPECT_EQ(model.messages({}, "c", parameters),
            R"({"system_prompt":"Be brief.","messages":[{"role":"user","content":"c"}]})");
  const AnyModel strict(R"("required":["prompt"],"properties":{"prompt":)" + kText +
                        R"(,"messages":{"type":"array"}})");
  EXPECT_FALSE(strict.takes_messages(true)) << "it requires a prompt";
}

TEST(AnyModel, messages_that_are_a_text_are_sent_as_the_text_of_the_list) {
  const AnyModel model(R"("properties":{"messages":)" + kText + "}");
  EXPECT_EQ(model.messages({}, "c"), R"({"messages":"[{\"role\":\"user\",\"content\":\"c\"}]"})");
  const AnyModel words(R"("properties":{"messages":{"type":"array","items":)" + kText + "}}");
  EXPECT_FALSE(words.takes_messages(true)) << "a list of texts has no roles";
}

TEST(AnyModel, the_oldest_messages_are_left_out_of_a_long_conversation) {
  const AnyModel model(R"("properties":{"messages":{"type":"array"}})");
  const std::string filler(9000, 'x');
  const auto input = nlohmann::json::parse(
      model.messages({{"first", "1"}, {"second", filler}, {"third", filler}}, "last"));
  std::string users;
  for (const auto& message : input["messages"]) {
    if (message["role"] == "user") users += message["content"].get<std::string>() + " ";
  }
  EXPECT_EQ(users, "first third last ");
}

}  // namespace
}  // namespace rellama::prompt

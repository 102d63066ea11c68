#include "batch/row_request.hpp"

#include <gtest/gtest.h>

#include "batch/batch_files.hpp"
#include "support/expect_error.hpp"

namespace rellama::batch {
namespace {

using test::error_of;
using test::holds;

class RowRequests : public test::BatchFiles {
 protected:
  [[nodiscard]] GenerateRequest request_of(Format format, const std::string& content) {
    defaults_.format = format;
    return make_request(defaults_, rows_of(format, content).at(0));
  }
  [[nodiscard]] std::string refusal_of(Format format, const std::string& content) {
    return error_of([&] { (void)request_of(format, content); }).what();
  }
  /// The input that would be sent.
  [[nodiscard]] Json input_of(Format format, const std::string& content) {
    const auto body = prepare_generate(ClientOptions{}, request_of(format, content)).body;
    return Json::parse(body)["input"];
  }

  RowDefaults defaults_;
};

TEST_F(RowRequests, a_row_of_json_sets_any_input_and_overrides_the_options) {
  defaults_.request.parameters.temperature = 0.1;
  defaults_.request.parameters.max_new_tokens = 9;
  const Json input =
      input_of(Format::jsonl, R"({"prompt":"Hi","system":"Be brief.","temperature":0.7,)"
                              R"("max_tokens":7,"stop_sequences":["a","b"],"top_k":null})");
  EXPECT_EQ(input["system_prompt"], "Be brief.");
  EXPECT_EQ(input["temperature"], 0.7);
  EXPECT_EQ(input["max_tokens"], 7);
  EXPECT_EQ(input["stop_sequences"], "a,b");
}

TEST_F(RowRequests, the_model_of_a_row_replaces_that_of_the_options) {
  EXPECT_EQ(render_model_ref(request_of(Format::jsonl, R"({"prompt":"Hi","model":"7b"})").model),
            "meta/llama-2-7b-chat");
  EXPECT_TRUE(holds(refusal_of(Format::jsonl, R"({"prompt":"Hi","model":7})"), "'model'"));
}

TEST_F(RowRequests, messages_become_a_conversation) {
  const GenerateRequest request = request_of(
      Format::jsonl,
      R"({"messages":[{"role":"system","content":"Be kind."},{"role":"user","content":"One"},)"
      R"({"role":"assistant","content":"Two"},)"
      R"({"role":"user","content":[{"type":"text","text":"Three"}]}]})");
  EXPECT_EQ(request.prompt, "Three");
  EXPECT_EQ(request.parameters.system_prompt, "Be kind.");
  ASSERT_EQ(request.earlier.size(), 1U);
  EXPECT_EQ(request.earlier[0], (Turn{"One", "Two"}));
  EXPECT_TRUE(
      holds(refusal_of(Format::jsonl, R"({"messages":[{"role":"assistant","content":"x"}]})"),
            "follows no message"));
  EXPECT_TRUE(holds(refusal_of(Format::jsonl, R"({"messages":[{"role":"tool","content":"x"}]})"),
                    "'tool'"));
}

TEST_F(RowRequests, two_system_prompts_are_refused_in_any_order) {
  const std::string messages =
      R"("messages":[{"role":"system","content":"A"},{"role":"user","content":"x"}])";
  for (const std::string& row :
       {R"({"system":"B",)" + messages + "}", "{" + messages + R"(,"system":"B"})"}) {
    EXPECT_TRUE(holds(refusal_of(Format::jsonl, row),
                      "it has 'system' besides a system message in 'messages'"));
  }
  EXPECT_TRUE(holds(refusal_of(Format::jsonl, R"({"prompt":"x","system":"A","system_prompt":"B"})"),
                    "it has 'system_prompt' besides 'system'"));
  const std::string plain = R"("messages":[{"role":"user","content":"x"}])";
  EXPECT_EQ(input_of(Format::jsonl, R"({"system":"B",)" + plain + "}")["system_prompt"], "B");
}

TEST_F(RowRequests, columns_fill_the_placeholders_of_a_template) {
  defaults_.prompt_template = "Translate to {{to|German}}: {{text}}";
  EXPECT_EQ(request_of(Format::csv, "text,to\nhello,French\n").prompt,
            "Translate to French: hello");
  EXPECT_EQ(request_of(Format::csv, "text\nhello\n").prompt, "Translate to German: hello");
  EXPECT_TRUE(holds(refusal_of(Format::csv, "txt\nhello\n"), "'text' is missing"));
  defaults_.parameters = {{"text", "<{{body}}>"}};
  EXPECT_EQ(request_of(Format::csv, "body\nx\n").prompt, "Translate to German: <x>");
}

TEST_F(RowRequests, a_line_is_the_input_of_a_template) {
  defaults_.prompt_template = "Explain: {{input}}";
  EXPECT_EQ(request_of(Format::lines, "entropy\n").prompt, "Explain: entropy");
}

TEST_F(RowRequests, csv_sets_parameters_from_text_and_leaves_out_empty_ones) {
  const Json input = input_of(Format::csv, "prompt,temperature,seed\nHi,0.3,\n");
  EXPECT_EQ(input["temperature"], 0.3);
  EXPECT_FALSE(input.contains("seed"));
}

TEST_F(RowRequests, a_request_of_openais_format_is_translated) {
  const Json input = input_of(
      Format::openai,
      R"({"custom_id":"a","method":"POST","url":"/v1/chat/completions","body":{"model":"7b",)"
      R"("messages":[{"role":"system","content":"S"},{"role":"user","content":"Hi"}],)"
      R"("max_tokens":5,"stop":"X","n":1,"user":"me"}})");
  EXPECT_EQ(input["max_tokens"], 5);
  EXPECT_EQ(input["system_prompt"], "S");
  EXPECT_EQ(input["stop_sequences"], "X");
}

TEST_F(RowRequests, nothing_of_openais_format_is_ignored_that_changes_the_answer) {
  const auto with = [](const std::string& member) {
    return R"({"custom_id":"a","method":"POST","url":"/v1/chat/completions","body":{)" + member +
           R"("messages":[{"role":"user","content":"Hi"}]}})";
  };
  EXPECT_TRUE(holds(refusal_of(Format::openai, with(R"("n":2,)")), "'n' in the body"));
  EXPECT_TRUE(holds(refusal_of(Format::openai, with(R"("tools":[{}],)")), "'tools'"));
  EXPECT_TRUE(holds(refusal_of(Format::openai, R"({"custom_id":"a","url":"/v1/embeddings"})"),
                    "/v1/embeddings"));
}

TEST_F(RowRequests, a_row_without_a_prompt_is_refused) {
  EXPECT_TRUE(holds(refusal_of(Format::jsonl, R"({"id":1})"), "no 'prompt'"));
  EXPECT_TRUE(holds(refusal_of(Format::jsonl, R"({"prompt":1})"), "'prompt' is not a string"));
  EXPECT_TRUE(holds(refusal_of(Format::jsonl, "{\"prompt\":\"a\\u0000b\"}"), "NUL"));
}

}  // namespace
}  // namespace rellama::batch

#include "prompt/render.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "prompt/model_names.hpp"
#include "support/expect_error.hpp"

namespace rellama::prompt {
namespace {

using test::holds;
using test::kOfficial;
using test::kPinned;
using test::kUnknown;

// Word for word, in its two paragraphs.
const std::string kSystemPrompt =
    "You are a helpful, respectful and honest assistant. Always answer as helpfully as possible, "
    "while being safe. Your answers should not include any harmful, unethical, racist, sexist, "
    "toxic, dangerous, or illegal content. Please ensure that your responses are socially unbiased "
    "and positive in nature.\n\nIf a question does not make any sense, or is not factually "
    "coherent, explain why instead of answering something not correct. If you don't know the "
    "answer to a question, please don't share false information.";

// Generation parameters that can be written down with the names of those that matter only.
struct Asked {
  std::optional<std::string> system_prompt = {};
  std::optional<double> temperature = {};
  std::optional<double> top_p = {};
  std::optional<std::int64_t> top_k = {};
  std::optional<std::int64_t> max_new_tokens = {};
  std::optional<std::int64_t> min_new_tokens = {};
  std::optional<std::int64_t> seed = {};
  std::vector<std::string> stop_sequences = {};
  std::optional<std::string> prompt_template = {};
  Input others = {};
};

Input render(const std::string& model, const std::string& prompt, const Asked& asked = {}) {
  const ModelRef ref = parse_model_ref(model);
  return render_input({ref, find_build(ref)}, prompt,
                      {asked.system_prompt, asked.temperature, asked.top_p, asked.top_k,
                       asked.max_new_tokens, asked.min_new_tokens, asked.seed, asked.stop_sequences,
                       asked.prompt_template, asked.others});
}

Error refusal(const std::string& model, const Asked& parameters, const std::string& prompt = "Hi") {
  const Error error = test::error_of([&] { return render(model, prompt, parameters); });
  EXPECT_EQ(error.kind(), ErrorKind::invalid_input) << error.what();
  return error;
}

const InputValue* find(const Input& input, std::string_view name) {
  for (const InputField& field : input) {
    if (field.name == name) return &field.value;
  }
  return nullptr;
}

std::string sent_text(const Input& input, std::string_view name) {
  const InputValue* value = find(input, name);
  return value == nullptr ? "(absent)" : std::get<std::string>(*value);
}

TEST(RenderInput, the_official_model_gets_the_defaults_under_its_own_names_without_debug) {
  const Input expected{{"prompt", std::string("Hi")},
                       {"system_prompt", kSystemPrompt},
                       {"max_tokens", std::int64_t{500}},
                       {"min_tokens", std::int64_t{-1}},
                       {"temperature", 0.5},
                       {"top_p", 1.0},
                       {"top_k", std::int64_t{50}}};
  EXPECT_EQ(render(kOfficial, "Hi"), expected);
}

TEST(RenderInput, the_pinned_version_gets_exactly_the_input_of_the_original_notebook) {
  const Input expected{{"prompt", std::string("[INST] Hi [/INST]")},
                       {"system_prompt", kSystemPrompt},
                       {"max_new_tokens", std::int64_t{500}},
                       {"min_new_tokens", std::int64_t{-1}},
                       {"temperature", 0.5},
                       {"top_p", 1.0},
                       {"top_k", std::int64_t{50}},
                       {"debug", false}};
  EXPECT_EQ(render(kPinned, "Hi"), expected);
  EXPECT_EQ(render("meta/llama-2-70b-chat:" + kPinned, "Hi"), expected);
}

TEST(RenderInput, an_unknown_build_gets_only_the_parameters_that_are_set) {
  EXPECT_EQ(render(kUnknown, "Hi"), (Input{{"prompt", std::string("Hi")}}));
  EXPECT_EQ(
      render(kUnknown, "Hi", {.temperature = 0.0, .others = {{"width", std::int64_t{7}}}}),
      (Input{{"prompt", std::string("Hi")}, {"temperature", 0.0}, {"width", std::int64_t{7}}}));
  EXPECT_EQ(render(kUnknown, "Hi", {.others = {{"max_tokens", std::int64_t{9}}}}),
            (Input{{"prompt", std::string("Hi")}, {"max_tokens", std::int64_t{9}}}));
}

TEST(RenderInput, a_base_model_gets_no_default_system_prompt_and_setting_one_is_an_error) {
  const Input input = render("meta/llama-2-70b", "Once upon a time");
  EXPECT_EQ(find(input, "system_prompt"), nullptr);
  EXPECT_EQ(sent_text(input, "prompt"), "Once upon a time");
  EXPECT_TRUE(holds(refusal("meta/llama-2-70b", {.system_prompt = "Be kind"}).what(),
                    "meta/llama-2-70b has no input 'system_prompt'"));
}

TEST(RenderInput, a_parameter_that_is_set_replaces_the_default) {
  const Input input = render(kOfficial, "Hi",
                             {.system_prompt = "",
                              .temperature = 0.0,
                              .top_p = 0.25,
                              .top_k = -1,
                              .max_new_tokens = 1,
                              .min_new_tokens = 0,
                              .seed = -7});
  const Input expected{{"prompt", std::string("Hi")},
                       {"system_prompt", std::string()},
                       {"max_tokens", std::int64_t{1}},
                       {"min_tokens", std::int64_t{0}},
                       {"temperature", 0.0},
                       {"top_p", 0.25},
                       {"top_k", std::int64_t{-1}},
                       {"seed", std::int64_t{-7}}};
  EXPECT_EQ(input, expected);
}

struct OutOfRange {
  std::string model;
  Asked parameters;
  std::string words;
};

TEST(RenderInput, a_value_out_of_range_is_rejected_with_the_range_of_the_build) {
  const std::vector<OutOfRange> cases{
      {kPinned, {.temperature = 0.0}, "accepts 0.01 to 5"},
      {kPinned, {.temperature = 5.01}, "accepts 0.01 to 5"},
      {kOfficial,
       {.temperature = -0.01},
       "temperature -0.01 is out of range: " + kOfficial + " accepts 0 to 5"},
      {kOfficial, {.temperature = 5.5}, "accepts 0 to 5"},
      {kUnknown, {.temperature = 6.0}, "accepts 0 to 5"},
      {kOfficial, {.top_p = 1.01}, "top_p 1.01 is out of range"},
      {kPinned, {.top_p = -0.5}, "accepts 0 to 1"},
      {kPinned, {.top_k = -1}, "top_k -1 is out of range"},
      {kPinned, {.top_k = -1}, "accepts 0 or more"},
      {kOfficial, {.top_k = -2}, "accepts -1 or more"},
      {kOfficial, {.max_new_tokens = 0}, "max_new_tokens 0 is out of range"},
      {kPinned, {.max_new_tokens = -1}, "accepts 1 or more"},
      {kPinned, {.min_new_tokens = -2}, "accepts -1 or more"},
      {kOfficial, {.others = {{"length_penalty", 5.5}}}, "length_penalty 5.5 is out of range"},
      {"meta/llama-2-70b", {.others = {{"length_penalty", -1.0}}}, "accepts 0 to 5"},
  };
  for (const auto& [model, parameters, words] : cases) {
    EXPECT_TRUE(holds(refusal(model, parameters).what(), words));
  }
}

TEST(RenderInput, the_limits_of_every_range_are_valid) {
  EXPECT_NO_THROW(render(kPinned, "Hi", {.temperature = 0.01, .top_p = 0.0, .top_k = 0}));
  EXPECT_NO_THROW(render(kPinned, "Hi", {.temperature = 5.0, .top_p = 1.0, .max_new_tokens = 1}));
  EXPECT_NO_THROW(render(kOfficial, "Hi", {.temperature = 0.0, .top_k = -1, .min_new_tokens = -1}));
}

TEST(RenderInput, nan_and_infinity_are_out_of_range) {
  for (const double bad : {std::nan(""), std::numeric_limits<double>::infinity(),
                           -std::numeric_limits<double>::infinity()}) {
    for (const std::string& model : {kPinned, kOfficial, kUnknown}) {
      EXPECT_TRUE(holds(refusal(model, {.temperature = bad}).what(), "temperature"));
    }
    EXPECT_TRUE(holds(refusal(kOfficial, {.others = {{"presence_penalty", bad}}}).what(),
                      "presence_penalty"));
  }
}

TEST(RenderInput, an_input_the_model_does_not_have_is_rejected_with_a_list_of_its_inputs) {
  const Error error = refusal(kOfficial, {.others = {{"repetition_penalty", 1.1}}});
  EXPECT_TRUE(holds(error.what(), kOfficial + " has no input 'repetition_penalty'"));
  EXPECT_TRUE(holds(error.what(), "max_tokens"));
  EXPECT_TRUE(holds(error.what(), "length_penalty"));
  EXPECT_TRUE(holds(refusal(kOfficial, {.others = {{"debug", true}}}).what(), "'debug'"));
  EXPECT_TRUE(holds(refusal(kPinned, {.prompt_template = "{prompt}"}).what(), "'prompt_template'"));
  EXPECT_TRUE(
      holds(refusal(kPinned, {.others = {{"length_penalty", 1.0}}}).what(), "'length_penalty'"));
}

TEST(RenderInput, the_prompt_cannot_be_set_as_another_input) {
  for (const std::string& model : {kPinned, kOfficial, kUnknown}) {
    EXPECT_TRUE(
        holds(refusal(model, {.others = {{"prompt", std::string("x")}}}).what(), "'prompt'"));
  }
}

TEST(RenderInput, either_name_of_a_token_limit_is_sent_under_the_builds_name) {
  const Input pinned = render(kPinned, "Hi", {.others = {{"max_tokens", std::int64_t{9}}}});
  EXPECT_EQ(*find(pinned, "max_new_tokens"), InputValue(std::int64_t{9}));
  EXPECT_EQ(find(pinned, "max_tokens"), nullptr);
  const Input official = render(kOfficial, "Hi", {.others = {{"max_new_tokens", std::int64_t{9}}}});
  EXPECT_EQ(*find(official, "max_tokens"), InputValue(std::int64_t{9}));
  EXPECT_EQ(find(official, "max_new_tokens"), nullptr);
}

TEST(RenderInput, setting_an_input_twice_is_rejected_even_under_different_names) {
  EXPECT_TRUE(
      holds(refusal(kOfficial, {.temperature = 1.0, .others = {{"temperature", 2.0}}}).what(),
            "temperature is set twice"));
  EXPECT_TRUE(holds(
      refusal(kOfficial, {.max_new_tokens = 5, .others = {{"max_tokens", std::int64_t{6}}}}).what(),
      "is set twice"));
  EXPECT_TRUE(holds(refusal(kPinned, {.others = {{"debug", true}, {"debug", true}}}).what(),
                    "debug is set twice"));
}

TEST(RenderInput, a_parameter_that_is_set_again_as_an_input_is_not_a_list) {
  EXPECT_TRUE(holds(refusal(kUnknown, {.seed = 1, .others = {{"seed", std::int64_t{2}}}}).what(),
                    "seed is set twice"));
}

TEST(RenderInput, a_number_of_more_than_64_bits_is_checked_against_the_range) {
  EXPECT_TRUE(holds(
      refusal(kOfficial, {.others = {{"temperature", JsonText{"12345678901234567890123"}}}}).what(),
      "is out of range"));
  EXPECT_TRUE(holds(
      refusal(kOfficial, {.others = {{"top_k", JsonText{"-12345678901234567890123"}}}}).what(),
      "is out of range"));
}

TEST(RenderInput, a_minimum_above_the_maximum_is_rejected) {
  EXPECT_TRUE(holds(refusal(kOfficial, {.max_new_tokens = 5, .min_new_tokens = 6}).what(),
                    "min_new_tokens 6 is more than max_new_tokens 5"));
  EXPECT_TRUE(holds(refusal(kPinned, {.min_new_tokens = 501}).what(), "more than"));
  EXPECT_NO_THROW(render(kOfficial, "Hi", {.max_new_tokens = 5, .min_new_tokens = 5}));
}

TEST(RenderInput, stop_sequences_are_joined_with_commas_and_not_trimmed) {
  EXPECT_EQ(sent_text(render(kOfficial, "Hi", {.stop_sequences = {"\n", " END ", "###"}}),
                      "stop_sequences"),
            "\n, END ,###");
  EXPECT_EQ(find(render(kOfficial, "Hi"), "stop_sequences"), nullptr);
}

TEST(RenderInput, a_stop_sequence_that_would_be_split_or_lost_is_rejected) {
  EXPECT_TRUE(holds(refusal(kOfficial, {.stop_sequences = {"ok", "a,b"}}).what(), "'a,b'"));
  EXPECT_TRUE(holds(refusal(kOfficial, {.stop_sequences = {""}}).what(), "it is empty"));
}

TEST(RenderInput, a_template_must_contain_the_prompt_and_no_stray_braces) {
  for (const std::string good :
       {"{prompt}", "<s>[INST] {prompt} [/INST]", "{system_prompt}\n{prompt}", "{{}} {prompt}",
        "{{{prompt}}}", "{prompt}{prompt}"}) {
    EXPECT_EQ(sent_text(render(kOfficial, "Hi", {.prompt_template = good}), "prompt_template"),
              good);
  }
  for (const std::string bad : {"", "prompt", "{{prompt}}", "{system_prompt}"}) {
    EXPECT_TRUE(holds(refusal(kOfficial, {.prompt_template = bad}).what(), "it has no {prompt}"))
        << bad;
  }
  for (const std::string bad : {"{prompt} {", "} {prompt}", "{prompt} {0}", "{prompt!r}",
                                "{ prompt }", "{prompt}}", "{prompt} {}"}) {
    EXPECT_TRUE(holds(refusal(kOfficial, {.prompt_template = bad}).what(), "single brace")) << bad;
  }
}

TEST(RenderInput, braces_in_the_prompt_are_sent_unchanged) {
  EXPECT_EQ(sent_text(render(kOfficial, "int main() { return {0}; }"), "prompt"),
            "int main() { return {0}; }");
}

TEST(RenderInput, a_blank_prompt_is_rejected) {
  for (const std::string blank : {"", " ", "\n", " \t\r\n\f\v "}) {
    EXPECT_TRUE(holds(refusal(kOfficial, {}, blank).what(), "the prompt is empty"));
  }
}

TEST(RenderInput, text_that_is_not_utf_8_is_rejected_everywhere) {
  const Error prompt = refusal(kOfficial, {}, "caf\xE9");
  EXPECT_TRUE(holds(prompt.what(), "the prompt is not UTF-8"));
  EXPECT_TRUE(holds(prompt.what(), "0xe9 at offset 3"));
  EXPECT_TRUE(holds(refusal(kOfficial, {.system_prompt = "\xFF"}).what(), "system_prompt"));
  EXPECT_TRUE(holds(refusal(kOfficial, {.stop_sequences = {"\xC3"}}).what(), "stop_sequences"));
  EXPECT_TRUE(holds(refusal(kUnknown, {.system_prompt = "\xFF"}).what(), "system_prompt"));
  EXPECT_TRUE(
      holds(refusal(kUnknown, {.others = {{"style", std::string("\xFF")}}}).what(), "style"));
}

TEST(RenderInput, a_value_of_the_wrong_type_is_rejected) {
  EXPECT_TRUE(
      holds(refusal(kOfficial, {.others = {{"max_tokens", 5.5}}}).what(), "a whole number"));
  EXPECT_TRUE(holds(refusal(kOfficial, {.others = {{"temperature", std::string("hot")}}}).what(),
                    "a number"));
  EXPECT_TRUE(
      holds(refusal(kPinned, {.others = {{"debug", std::int64_t{1}}}}).what(), "true or false"));
  EXPECT_TRUE(holds(refusal(kOfficial, {.others = {{"system_prompt", true}}}).what(), "text"));
  EXPECT_NO_THROW(render(kOfficial, "Hi", {.others = {{"temperature", std::int64_t{1}}}}));
}

TEST(RenderInput, json_from_the_user_is_left_to_the_server) {
  const Input input = render(kOfficial, "Hi", {.others = {{"top_k", JsonText{"[1]"}}}});
  EXPECT_EQ(*find(input, "top_k"), InputValue(JsonText{"[1]"}));
}

}  // namespace
}  // namespace rellama::prompt

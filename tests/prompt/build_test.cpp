#include "prompt/build.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "prompt/model_names.hpp"

namespace rellama::prompt {
namespace {

using test::kPinned;

std::string wire_name(const Build& build, std::string_view name) {
  const InputSpec* input = find_input(build, name);
  return input == nullptr ? "(none)" : std::string(input->name);
}

TEST(Build, the_pinned_version_is_known_with_and_without_its_model) {
  for (const std::string& text : {kPinned, "meta/llama-2-70b-chat:" + kPinned}) {
    const Build build = find_build(parse_model_ref(text));
    EXPECT_TRUE(build.complete);
    EXPECT_EQ(build.form, PromptForm::instruction_tags);
  }
}

TEST(Build, the_official_chat_models_get_the_bare_prompt) {
  for (const std::string text :
       {"7b", "13b", "70b", "meta/llama-2-70b-chat", "meta/meta-llama-3-8b-instruct",
        "meta/meta-llama-3-70b-instruct"}) {
    const Build build = find_build(parse_model_ref(text));
    EXPECT_TRUE(build.complete) << text;
    EXPECT_EQ(build.form, PromptForm::bare) << text;
    EXPECT_EQ(wire_name(build, "system_prompt"), "system_prompt") << text;
  }
}

TEST(Build, base_models_have_no_system_prompt) {
  for (const std::string text : {"meta/llama-2-7b", "meta/llama-2-13b", "meta/llama-2-70b"}) {
    const Build build = find_build(parse_model_ref(text));
    EXPECT_TRUE(build.complete) << text;
    EXPECT_EQ(build.form, PromptForm::bare) << text;
    EXPECT_EQ(find_input(build, "system_prompt"), nullptr) << text;
    EXPECT_EQ(wire_name(build, "prompt_template"), "prompt_template") << text;
  }
}

TEST(Build, base_versions_with_unconfirmed_inputs_get_no_defaults) {
  for (const std::string text :
       {"a52e56fee2269a78c9279800ec88898cecb6c8f1df22a6483132bea266648f00",
        "078d7a002387bd96d93b0302a4c03b3f15824b63104034bfa943c63a8f208c38",
        "527827021d8756c7ab79fde0abbfaac885c37a3ed5fe23c7465093f0878d55ef"}) {
    const Build build = find_build(parse_model_ref(text));
    EXPECT_FALSE(build.complete) << text;
    EXPECT_EQ(build.form, PromptForm::bare) << text;
    EXPECT_EQ(wire_name(build, "top_k"), "top_k") << text;
    EXPECT_EQ(wire_name(build, "prompt_template"), "prompt_template") << text;
  }
}

TEST(Build, models_not_in_the_catalogue_are_unknown) {
  for (const std::string& text :
       {std::string("someone/model"), std::string("someone/model:abc"), std::string(64, '0'),
        std::string("deployments/meta/llama-2-70b-chat"),
        std::string("meta/llama-2-70b-chat:abc")}) {
    EXPECT_FALSE(find_build(parse_model_ref(text)).complete) << text;
  }
}

TEST(Build, the_token_limits_have_the_names_of_either_generation) {
  const Build official = find_build(parse_model_ref("70b"));
  EXPECT_EQ(wire_name(official, "max_new_tokens"), "max_tokens");
  EXPECT_EQ(wire_name(official, "max_tokens"), "max_tokens");
  EXPECT_EQ(wire_name(official, "min_new_tokens"), "min_tokens");
  EXPECT_EQ(wire_name(official, "min_tokens"), "min_tokens");
  const Build pinned = find_build(parse_model_ref(kPinned));
  EXPECT_EQ(wire_name(pinned, "max_new_tokens"), "max_new_tokens");
  EXPECT_EQ(wire_name(pinned, "max_tokens"), "max_new_tokens");
  EXPECT_EQ(wire_name(pinned, "min_tokens"), "min_new_tokens");
}

TEST(Build, names_are_not_translated_for_an_unknown_build) {
  const Build unknown = find_build(parse_model_ref("someone/model"));
  EXPECT_EQ(wire_name(unknown, "max_new_tokens"), "max_new_tokens");
  EXPECT_EQ(wire_name(unknown, "max_tokens"), "(none)");
}

TEST(Build, the_pinned_version_has_exactly_its_published_inputs) {
  std::set<std::string> names;
  for (const InputSpec& input : find_build(parse_model_ref(kPinned)).inputs) {
    EXPECT_TRUE(names.emplace(input.name).second) << input.name << " is listed twice";
  }
  EXPECT_EQ(names, (std::set<std::string>{"prompt", "system_prompt", "max_new_tokens",
                                          "min_new_tokens", "temperature", "top_p", "top_k",
                                          "stop_sequences", "seed", "debug", "replicate_weights"}));
}

TEST(Build, no_two_inputs_of_a_build_mean_the_same_parameter) {
  for (const std::string& text : {std::string("70b"), std::string("meta/llama-2-70b"), kPinned,
                                  std::string("someone/model")}) {
    std::set<std::string_view> parameters;
    for (const InputSpec& input : find_build(parse_model_ref(text)).inputs) {
      EXPECT_FALSE(input.name.empty()) << text;
      EXPECT_TRUE(parameters.insert(input.parameter).second) << text << ": " << input.parameter;
    }
  }
}

}  // namespace
}  // namespace rellama::prompt

#include "rellama/model_ref.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "prompt/model_names.hpp"
#include "support/expect_error.hpp"

namespace rellama {
namespace {

using test::kPinned;

TEST(ModelRef, owner_and_name_are_an_official_model) {
  EXPECT_EQ(parse_model_ref("meta/llama-2-70b-chat"),
            ModelRef(ModelName{"meta", "llama-2-70b-chat"}));
}

TEST(ModelRef, a_size_means_llama_2_chat_of_that_size) {
  EXPECT_EQ(parse_model_ref("7b"), ModelRef(ModelName{"meta", "llama-2-7b-chat"}));
  EXPECT_EQ(parse_model_ref("13b"), ModelRef(ModelName{"meta", "llama-2-13b-chat"}));
  EXPECT_EQ(parse_model_ref("70b"), ModelRef(ModelName{"meta", "llama-2-70b-chat"}));
}

TEST(ModelRef, the_part_after_the_colon_is_the_version_that_is_sent) {
  const ModelRef expected = ModelVersion{kPinned, ModelName{"meta", "llama-2-70b-chat"}};
  EXPECT_EQ(parse_model_ref("meta/llama-2-70b-chat:" + kPinned), expected);
}

TEST(ModelRef, sixty_four_hex_digits_alone_are_a_version) {
  EXPECT_EQ(parse_model_ref(kPinned), ModelRef(ModelVersion{kPinned, std::nullopt}));
}

TEST(ModelRef, a_version_after_a_name_need_not_be_hex) {
  const ModelRef expected = ModelVersion{"dp-0123abc", ModelName{"me", "my_model.v2"}};
  EXPECT_EQ(parse_model_ref("me/my_model.v2:dp-0123abc"), expected);
}

TEST(ModelRef, a_deployment_has_a_prefix) {
  EXPECT_EQ(parse_model_ref("deployments/me/chat"), ModelRef(Deployment{"me", "chat"}));
}

TEST(ModelRef, a_rendered_reference_parses_to_the_same_reference) {
  for (const std::string& text :
       {std::string("meta/llama-2-70b-chat"), "meta/llama-2-70b-chat:" + kPinned, kPinned,
        std::string("deployments/me/chat"), std::string("a/b:c")}) {
    const ModelRef ref = parse_model_ref(text);
    EXPECT_EQ(render_model_ref(ref), text);
    EXPECT_EQ(parse_model_ref(render_model_ref(ref)), ref);
  }
  EXPECT_EQ(render_model_ref(parse_model_ref("70b")), "meta/llama-2-70b-chat");
}

TEST(ModelRef, anything_else_is_rejected_with_the_accepted_forms) {
  for (const std::string& bad : {std::string(),
                                 std::string("llama"),
                                 std::string("/"),
                                 std::string("meta/"),
                                 std::string("/llama"),
                                 std::string("meta/llama/more"),
                                 std::string("meta/llama:"),
                                 std::string("meta/llama:a:b"),
                                 std::string("meta/llama:a/b"),
                                 std::string("8b"),
                                 std::string(" 70b"),
                                 kPinned.substr(1),
                                 kPinned + "0",
                                 std::string(64, 'g'),
                                 std::string("deployments/me/chat:1"),
                                 std::string("deployments/me/chat/more"),
                                 std::string("deployments//chat"),
                                 std::string("https://replicate.com/meta"),
                                 std::string("https://replicate.com/p/abc/def"),
                                 std::string("https://huggingface.co/meta-llama/Llama-2-70b")}) {
    const Error error = test::error_of([&] { return parse_model_ref(bad); });
    EXPECT_EQ(error.kind(), ErrorKind::invalid_input) << bad;
    EXPECT_TRUE(test::holds(error.what(), "'" + bad + "' is not a model"));
    EXPECT_TRUE(test::holds(error.what(), "owner/name:version"));
    EXPECT_TRUE(test::holds(error.what(), "deployments/owner/name"));
  }
}

TEST(ModelRef, the_address_of_a_page_is_its_model) {
  const ModelRef model = ModelName{"meta", "llama-2-70b-chat"};
  for (const char* address :
       {"https://replicate.com/meta/llama-2-70b-chat", "replicate.com/meta/llama-2-70b-chat/",
        "http://www.replicate.com/meta/llama-2-70b-chat/api?tab=node#top",
        "HTTPS://Replicate.com/meta/llama-2-70b-chat/examples",
        "https://api.replicate.com/v1/models/meta/llama-2-70b-chat/predictions"}) {
    EXPECT_EQ(parse_model_ref(address), model) << address;
  }
  EXPECT_EQ(parse_model_ref("https://replicate.com/meta/llama-2-70b-chat/versions/" + kPinned),
            ModelRef(ModelVersion{kPinned, ModelName{"meta", "llama-2-70b-chat"}}));
  EXPECT_EQ(parse_model_ref("https://replicate.com/meta/llama-2-70b-chat:" + kPinned),
            ModelRef(ModelVersion{kPinned, ModelName{"meta", "llama-2-70b-chat"}}));
  EXPECT_EQ(parse_model_ref("https://replicate.com/deployments/me/chat"),
            ModelRef(Deployment{"me", "chat"}));
}

TEST(ModelRef, names_may_be_written_in_other_ways) {
  const ModelRef llama_2 = ModelName{"meta", "llama-2-70b-chat"};
  for (const char* name : {"llama2", "llama-2", "Llama-2", "LLAMA2", "llama_2", "llama-2-chat",
                           "70B", "Llama-2-70B-Chat", "llama2-70b-chat", "Meta/Llama-2-70b-Chat"}) {
    EXPECT_EQ(parse_model_ref(name), llama_2) << name;
  }
  const ModelRef llama_3 = ModelName{"meta", "meta-llama-3-70b-instruct"};
  for (const char* name : {"llama-3", "llama3", "Llama-3", "Meta-Llama-3", "llama3-70b-instruct"}) {
    EXPECT_EQ(parse_model_ref(name), llama_3) << name;
  }
  EXPECT_EQ(parse_model_ref("LLAMA-2-70B"), ModelRef(ModelName{"meta", "llama-2-70b"}))
      << "the base model, by its exact name";
  EXPECT_EQ(parse_model_ref("Someone/Model"), ModelRef(ModelName{"Someone", "Model"}));
}

TEST(ModelRef, a_near_miss_suggests_the_model_to_talk_to) {
  const auto refusal = [](const char* name) {
    return std::string(test::error_of([&] { return parse_model_ref(name); }).what());
  };
  EXPECT_TRUE(test::holds(refusal("llama2-70b"), "did you mean llama-2-70b-chat?"));
  EXPECT_TRUE(test::holds(refusal("lama-2-7b"), "did you mean llama-2-7b-chat?"));
  EXPECT_TRUE(test::holds(refusal("llama-3-8bb"), "did you mean llama-3-8b-instruct?"));
  EXPECT_TRUE(test::holds(refusal("llama2-13b"), "did you mean llama-2-13b-chat?"));
  EXPECT_TRUE(test::holds(refusal("llama70b"), "did you mean llama-2-70b-chat?"));
  EXPECT_TRUE(test::holds(refusal("llama-2-70"), "did you mean llama-2-70b-chat?"));
  EXPECT_TRUE(test::holds(refusal("70b-chat"), "did you mean llama-2-70b-chat?"));
  EXPECT_TRUE(test::holds(refusal("lama-7b"), "did you mean llama-2-7b-chat?"));
  EXPECT_TRUE(test::holds(refusal("llama3.1"), "did you mean llama-3.1-405b-instruct?"));
  EXPECT_TRUE(test::holds(refusal("llama-2-80b-chat"), "did you mean llama-2-70b-chat?"));
  EXPECT_TRUE(test::holds(refusal("vicunna"), "did you mean vicuna?"));
}

TEST(ModelRef, models_of_other_providers_are_explained) {
  for (const auto& [name, provider] :
       std::vector<std::pair<const char*, const char*>>{{"gpt-4", "OpenAI"},
                                                        {"GPT-4o", "OpenAI"},
                                                        {"gpt-3.5-turbo", "OpenAI"},
                                                        {"chatgpt", "OpenAI"},
                                                        {"claude-3-opus", "Anthropic"},
                                                        {"gemini-pro", "Google"}}) {
    const Error error = test::error_of([&, name = name] { return parse_model_ref(name); });
    EXPECT_EQ(error.kind(), ErrorKind::invalid_input) << name;
    EXPECT_TRUE(test::holds(error.what(), provider)) << error.what();
    EXPECT_TRUE(test::holds(error.what(), "use -m 70b")) << error.what();
  }
  EXPECT_EQ(parse_model_ref("openai/gpt-4o"), ModelRef(ModelName{"openai", "gpt-4o"}));
}

TEST(ModelRef, no_reference_can_leave_its_path_segment) {
  for (const std::string& bad :
       {std::string("../predictions"), std::string("meta/.."), std::string("./x"),
        std::string("meta/llama?x=1"), std::string("meta/llama#x"), std::string("meta/ll%2fama"),
        std::string("meta/llama 2"), std::string("meta/llama\r\nX: y"),
        std::string("meta/ll\0ma", 10), std::string("m\xC3\xA9ta/llama"),
        std::string("meta\\x/llama"), std::string("a@b/c")}) {
    EXPECT_EQ(test::error_of([&] { return parse_model_ref(bad); }).kind(), ErrorKind::invalid_input)
        << bad;
  }
}

}  // namespace
}  // namespace rellama

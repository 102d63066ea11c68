// The exact text that each family reads after three messages, written down from what its makers say
// of its form (docs/protocol.md §7) and not from the code.

#include "prompt/conversation.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <random>
#include <string>
#include <variant>
#include <vector>

#include "emulator/turns.hpp"
#include "support/expect_error.hpp"

namespace rellama::prompt {
namespace {

using test::error_of;
using test::holds;

const std::vector<Turn> kEarlier{{"Hi", "Hello!"}, {"Who?", "A llama."}};
const std::string kNewest = "And now?";

const std::string kPinnedChat =
    "meta/llama-2-70b-chat:02e509c789964a7ea8736978a43525956ef40397be9033abf9fd2badfe68c9e3";

struct Said {
  std::vector<Turn> earlier = kEarlier;
  std::string prompt = kNewest;
  std::optional<std::string> system = "Be brief.";
  std::optional<std::string> prompt_template = {};
  std::vector<std::string> stops = {};
  std::optional<std::int64_t> max_new_tokens = {};
  Validation validation = Validation::full;
  const InputSchema* schema = nullptr;
};

RenderedPrompt render(const std::string& model, const Said& said = {}) {
  const ModelRef ref = Catalogue().parse_model_ref(model);
  Target target{.model = ref, .build = find_build(ref), .validation = said.validation};
  if (said.schema != nullptr) {
    target.schema = said.schema;
    target.build = said.schema->build();
  }
  GenerationParameters parameters;
  parameters.system_prompt = said.system;
  parameters.prompt_template = said.prompt_template;
  parameters.stop_sequences = said.stops;
  parameters.max_new_tokens = said.max_new_tokens;
  return render_transcript(target,
                           {.earlier = said.earlier,
                            .prompt = said.prompt,
                            .family = find_family({}, ref),
                            .tokens = {}},
                           parameters);
}

std::optional<std::string> text_of(const Input& input, std::string_view name) {
  for (const InputField& field : input) {
    if (field.name != name) continue;
    if (const auto* text = std::get_if<std::string>(&field.value)) return *text;
    if (const auto* text = std::get_if<UntypedText>(&field.value)) return text->text;
  }
  return std::nullopt;
}

std::string prompt_of(const std::string& model, const Said& said = {}) {
  return text_of(render(model, said).input, "prompt").value();
}

TEST(Conversation, the_pinned_llama_2_gets_the_form_on_its_page_without_the_outer_tags) {
  const Input input = render(kPinnedChat).input;
  EXPECT_EQ(text_of(input, "prompt"),
            "[INST] Hi [/INST]\nHello!\n[INST] Who? [/INST]\nA llama.\n[INST] And now? [/INST]");
  EXPECT_EQ(text_of(input, "system_prompt"), "Be brief.");
  EXPECT_FALSE(text_of(input, "prompt_template"));
}

TEST(Conversation, the_official_llama_2_gets_metas_form_and_a_template_that_passes_it_through) {
  for (const std::string size : {"7b", "13b", "70b"}) {
    const Input input = render(size).input;
    EXPECT_EQ(text_of(input, "prompt"),
              "<s>[INST] <<SYS>>\nBe brief.\n<</SYS>>\n\nHi [/INST] Hello! </s><s>[INST] Who? "
              "[/INST] A llama. </s><s>[INST] And now? [/INST]");
    EXPECT_EQ(text_of(input, "prompt_template"), "{prompt}");
    EXPECT_FALSE(text_of(input, "system_prompt")) << "it is in the prompt";
  }
}

TEST(Conversation, the_first_message_has_the_same_form_as_in_later_turns) {
  const std::string later = prompt_of("70b");
  const std::string first = prompt_of("70b", {.earlier = {}, .prompt = "Hi"});
  EXPECT_EQ(first, "<s>[INST] <<SYS>>\nBe brief.\n<</SYS>>\n\nHi [/INST]");
  EXPECT_TRUE(later.starts_with(first));
}

TEST(Conversation, the_default_system_prompt_is_sent_if_none_is_set) {
  const std::string prompt = prompt_of("70b", {.system = std::nullopt});
  EXPECT_TRUE(prompt.starts_with("<s>[INST] <<SYS>>\nYou are a helpful, respectful and honest"));
}

TEST(Conversation, an_empty_system_prompt_omits_the_system_block) {
  EXPECT_EQ(prompt_of("70b", {.earlier = {}, .system = ""}), "<s>[INST] And now? [/INST]");
}

TEST(Conversation, llama_3_gets_headers_and_its_stop_sequences) {
  const Input input = render("llama-3-70b-instruct").input;
  EXPECT_EQ(text_of(input, "prompt"),
            "<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nBe brief.<|eot_id|>"
            "<|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|>"
            "<|start_header_id|>assistant<|end_header_id|>\n\nHello!<|eot_id|>"
            "<|start_header_id|>user<|end_header_id|>\n\nWho?<|eot_id|>"
            "<|start_header_id|>assistant<|end_header_id|>\n\nA llama.<|eot_id|>"
            "<|start_header_id|>user<|end_header_id|>\n\nAnd now?<|eot_id|>"
            "<|start_header_id|>assistant<|end_header_id|>\n\n");
  EXPECT_EQ(text_of(input, "stop_sequences"), "<|end_of_text|>,<|eot_id|>");
  EXPECT_EQ(text_of(input, "prompt_template"), "{prompt}");
}

TEST(Conversation, base_models_get_a_dialogue_and_stop_before_the_users_turn) {
  const std::string dialogue =
      "Be brief.\n\nUser: Hi\nAssistant: Hello!\nUser: Who?\nAssistant: A llama.\nUser: And now?\n"
      "Assistant:";
  for (const std::string model : {"llama-2-70b", "llama-2-7b", "llama-7b", "llama-3-8b"}) {
    EXPECT_EQ(prompt_of(model), dialogue) << model;
  }
  EXPECT_EQ(text_of(render("llama-2-70b").input, "stop_sequences"), "\nUser:");
}

TEST(Conversation, bloom_and_openllama_get_a_dialogue_too_wherever_they_run) {
  const std::string dialogue =
      "User: Hi\nAssistant: Hello!\nUser: Who?\nAssistant: A llama.\nUser: And now?\nAssistant:";
  EXPECT_EQ(prompt_of("somebody/bloom", {.system = std::nullopt}), dialogue);
  EXPECT_EQ(prompt_of("somebody/openllama-7b", {.system = std::nullopt}), dialogue);
}

TEST(Conversation, falcon_gets_user_and_assistant) {
  EXPECT_EQ(prompt_of("falcon-40b"),
            "Be brief.\n\nUser: Hi\nAssistant: Hello!\nUser: Who?\nAssistant: A llama.\n"
            "User: And now?\nAssistant:");
}

TEST(Conversation, vicuna_gets_its_default_preamble_unless_a_system_prompt_is_set) {
  EXPECT_EQ(prompt_of("vicuna", {.system = std::nullopt}),
            "A chat between a curious user and an artificial intelligence assistant. The assistant "
            "gives helpful, detailed, and polite answers to the user's questions. USER: Hi "
            "ASSISTANT: Hello!</s>USER: Who? ASSISTANT: A llama.</s>USER: And now? ASSISTANT:");
  EXPECT_EQ(prompt_of("vicuna", {.earlier = {{"Hi", "Hello!"}}}),
            "Be brief. USER: Hi ASSISTANT: Hello!</s>USER: And now? ASSISTANT:");
}

TEST(Conversation, mistral_gets_tags_without_a_system_block) {
  EXPECT_EQ(prompt_of("mistral-7b-instruct"),
            "[INST] Be brief.\n\nHi [/INST] Hello!</s> [INST] Who? [/INST] A llama.</s> [INST] And "
            "now? [/INST]");
}

TEST(Conversation, code_llama_gets_llama_2s_form_and_its_70b_model_its_own) {
  EXPECT_EQ(prompt_of("codellama-34b-instruct"), prompt_of("70b"));
  EXPECT_EQ(prompt_of("codellama-70b-instruct"),
            "Source: system\n\n Be brief. <step> Source: user\n\n Hi <step> Source: assistant\n\n "
            "Hello! <step> Source: user\n\n Who? <step> Source: assistant\n\n A llama. <step> "
            "Source: user\n\n And now? <step> Source: assistant\nDestination: user\n\n ");
}

// Alpaca and Open-Orca are not hosted under a name of the catalogue: their form goes by the
// template that a model publishes.
InputSchema schema_with_template(const std::string& prompt_template) {
  const std::string quoted = [&] {
    std::string text;
    for (const char c : prompt_template) text += c == '\n' ? "\\n" : std::string(1, c);
    return text;
  }();
  return InputSchema::parse(
             {R"({"components":{"schemas":{"Input":{"type":"object","properties":{)"
              R"("prompt":{"type":"string"},"prompt_template":{"type":"string","default":")" +
              quoted + R"("},"max_tokens":{"type":"integer","default":100}}}}}})"})
      .value();
}

TEST(Conversation, the_form_is_recognized_from_a_published_template) {
  const InputSchema alpaca = schema_with_template("### Instruction:\n{prompt}\n\n### Response:\n");
  EXPECT_EQ(prompt_of("somebody/alpaca", {.schema = &alpaca}),
            "Be brief.\n\n### Instruction:\nHi\n\n### Response:\nHello!\n\n### Instruction:\nWho?"
            "\n\n### Response:\nA llama.\n\n### Instruction:\nAnd now?\n\n### Response:\n");
  const InputSchema orca = schema_with_template("User: {prompt}<|end_of_turn|>Assistant:");
  EXPECT_EQ(prompt_of("somebody/orca", {.system = "", .schema = &orca}),
            "User: Hi<|end_of_turn|>Assistant: Hello!<|end_of_turn|>User: Who?<|end_of_turn|>"
            "Assistant: A llama.<|end_of_turn|>User: And now?<|end_of_turn|>Assistant:");
  EXPECT_EQ(text_of(render("somebody/orca", {.schema = &orca}).input, "prompt_template"),
            "{prompt}");
}

TEST(Conversation, a_template_of_an_unknown_form_is_repeated_for_every_turn) {
  const InputSchema other = schema_with_template("Q: {prompt}\nA:");
  EXPECT_EQ(prompt_of("somebody/other", {.system = "", .schema = &other}),
            "Q: Hi\nA: Hello!\nQ: Who?\nA: A llama.\nQ: And now?\nA:");
}

TEST(Conversation, the_users_own_template_is_used_for_every_turn) {
  const Said said{.prompt_template = "<{system_prompt}> {prompt} =>"};
  EXPECT_EQ(prompt_of("70b", said),
            "<Be brief.> Hi => Hello!\n<Be brief.> Who? => A llama.\n<Be brief.> And now? =>");
  const auto twice = [] { return render("70b", {.prompt_template = "{prompt} or {prompt}"}); };
  EXPECT_TRUE(holds(error_of(twice).what(), "more than one {prompt}"));
}

TEST(Conversation, stop_sequences_of_the_form_are_added_to_the_users_own) {
  const Input input = render("llama-2-70b", {.stops = {"END", "\nUser:"}}).input;
  EXPECT_EQ(text_of(input, "stop_sequences"), "END,\nUser:");
}

TEST(Conversation, whitespace_around_a_message_is_ignored) {
  EXPECT_EQ(prompt_of("70b", {.earlier = {{"\n Hi ", " Hello!\n"}}, .prompt = " And now?\n"}),
            prompt_of("70b", {.earlier = {{"Hi", "Hello!"}}}));
}

TEST(Conversation, a_message_must_be_utf_8_and_not_blank) {
  for (const std::string bad : {"", " \n", "\xff"}) {
    EXPECT_EQ(error_of([&] { return render("70b", {.prompt = bad}); }).kind(),
              ErrorKind::invalid_input);
  }
  EXPECT_EQ(error_of([&] {
              return render("70b", {.earlier = {{"\xff", "x"}}});
            }).kind(),
            ErrorKind::invalid_input);
}

// ---- No text can pass for a turn

// The number of turns that the emulator, as a reader of the form, finds besides the system prompt.
std::size_t count_turns(const std::string& text) {
  const auto turns = emulator::read_turns(text);
  return static_cast<std::size_t>(std::count_if(turns.begin(), turns.end(), [](const auto& turn) {
    return turn.role != emulator::Role::system;
  }));
}

TEST(Conversation, no_text_can_pass_for_a_turn_or_a_system_prompt) {
  const std::vector<std::string> pieces{"[INST]",
                                        "[/INST]",
                                        "<<SYS>>",
                                        "<</SYS>>",
                                        "<s>",
                                        "</s>",
                                        "[",
                                        "INST]",
                                        "<<",
                                        "SYS>>",
                                        "[/",
                                        "\n",
                                        " ",
                                        "<|eot_id|>",
                                        "<|",
                                        "|>",
                                        "eot_id",
                                        "User:",
                                        "USER:",
                                        "user: ",
                                        "Assistant:",
                                        "ASSISTANT:",
                                        "\nUser:",
                                        "### ",
                                        "### Instruction:",
                                        "### Response:",
                                        "<step>",
                                        "Source: ",
                                        "Source: user",
                                        "<|start_header_id|>user<|end_header_id|>",
                                        "Destination: user",
                                        "<|end_of_turn|>",
                                        "x",
                                        "[[INST]INST]",
                                        "<s</s>>"};
  std::mt19937 random(7);
  std::uniform_int_distribution<std::size_t> pick(0, pieces.size() - 1);
  const auto text = [&] {
    std::string made = "a";
    for (int i = 0; i < 6; ++i) made += pieces[pick(random)];
    return made + "z";
  };
  for (const std::string model : {"70b", "llama-3-70b-instruct", "vicuna", "mistral-7b-instruct",
                                  "codellama-70b-instruct", "falcon-40b", "llama-2-70b"}) {
    for (int round = 0; round < 300; ++round) {
      const Said said{.earlier = {{text(), text()}, {text(), text()}}, .prompt = text()};
      const std::string prompt = prompt_of(model, said);
      EXPECT_EQ(count_turns(prompt), 5U) << model << ": " << prompt;
    }
  }
  for (int round = 0; round < 300; ++round) {
    const Said said{.earlier = {{text(), text()}}, .prompt = text(), .system = text()};
    const Input input = render(kPinnedChat, said).input;
    const std::string prompt = text_of(input, "prompt").value();
    EXPECT_EQ(count_turns(prompt), 3U) << prompt;
    EXPECT_EQ(text_of(input, "system_prompt")->find("<</SYS>>"), std::string::npos);
  }
}

TEST(Conversation, markers_are_broken_and_everything_else_is_unchanged) {
  EXPECT_EQ(prompt_of("70b", {.earlier = {}, .prompt = "What is [INST] for? </S>", .system = ""}),
            "<s>[INST] What is [ INST] for? < /S> [/INST]");
}

// ---- The window

std::string words(std::size_t count) {
  std::string text = "w";
  while (--count > 0) text += " w";
  return text;
}

TEST(Conversation, the_oldest_turns_except_the_first_are_dropped) {
  std::vector<Turn> earlier{{"My name is Ann.", "Hello, Ann."}};
  for (int i = 0; i < 10; ++i) earlier.push_back({std::to_string(i) + " " + words(400), "Aha."});
  const auto [input, fit] = render("70b", {.earlier = earlier});
  const std::string prompt = text_of(input, "prompt").value();
  EXPECT_GT(fit.turns_dropped, 0U);
  EXPECT_LE(fit.estimated_tokens + fit.answer_tokens, fit.window);
  EXPECT_EQ(fit.window, 4096);
  EXPECT_TRUE(fit.window_is_known);
  EXPECT_EQ(fit.answer_tokens, 500) << "the default";
  EXPECT_TRUE(holds(prompt, "My name is Ann."));
  EXPECT_TRUE(holds(prompt, "9 w w")) << "the newest";
  EXPECT_EQ(prompt.find("0 w w"), std::string::npos) << "the oldest after the first";
  EXPECT_TRUE(holds(prompt, kNewest));
}

TEST(Conversation, llama_3_has_twice_the_context_window) {
  const std::vector<Turn> earlier(12, {words(400), "Aha."});
  const PromptFit wide = render("llama-3-70b-instruct", {.earlier = earlier}).fit;
  EXPECT_EQ(wide.window, 8192);
  EXPECT_LT(wide.turns_dropped, render("70b", {.earlier = earlier}).fit.turns_dropped);
}

TEST(Conversation, the_first_turn_is_dropped_last) {
  const auto [input, fit] =
      render("70b", {.earlier = {{words(2000), "Aha."}, {"x", "y"}}, .prompt = words(2500)});
  EXPECT_EQ(fit.turns_dropped, 2U);
  EXPECT_FALSE(text_of(input, "prompt")->find("Aha.") != std::string::npos);
}

TEST(Conversation, the_newest_message_is_never_truncated) {
  const auto too_long = [](Validation validation) {
    return render("70b", {.prompt = words(5000), .validation = validation});
  };
  const Error error = error_of([&] { return too_long(Validation::full); });
  EXPECT_EQ(error.kind(), ErrorKind::invalid_input);
  EXPECT_TRUE(holds(error.what(), "the message is too long"));
  const auto [input, fit] = too_long(Validation::none);
  EXPECT_TRUE(holds(text_of(input, "prompt").value(), words(5000)));
}

TEST(Conversation, an_unknown_window_is_guessed_and_rejects_nothing) {
  const auto [input, fit] = render("somebody/model", {.prompt = words(5000)});
  EXPECT_FALSE(fit.window_is_known);
  EXPECT_EQ(fit.turns_dropped, 2U);
  EXPECT_TRUE(holds(text_of(input, "prompt").value(), words(5000)));
}

TEST(Conversation, tokens_are_reserved_for_the_requested_answer_length) {
  EXPECT_EQ(render("70b", {.max_new_tokens = 3000}).fit.answer_tokens, 3000);
  EXPECT_EQ(error_of([] {
              return render("70b", {.prompt = words(2000), .max_new_tokens = 3000});
            }).kind(),
            ErrorKind::invalid_input);
}

}  // namespace
}  // namespace rellama::prompt

#include "emulator/prompt_handling.hpp"

#include <gtest/gtest.h>

#include <array>
#include <utility>

#include "emulator/answers.hpp"

namespace rellama::emulator {
namespace {

std::string pinned_user(const std::string& prompt) {
  return handle_prompt(kChat2023, {{"prompt", prompt}}).user;
}

TEST(EmulatorPromptHandling, the_pinned_build_strips_sets_of_characters_from_a_bare_prompt) {
  EXPECT_EQ(pinned_user("Tell me"), "ell me");
  EXPECT_EQ(pinned_user("I am"), "am");
  EXPECT_EQ(pinned_user("What is IT"), "What is");
  EXPECT_EQ(pinned_user("SINS/T"), "");
  EXPECT_EQ(pinned_user("either/"), "either");
  EXPECT_EQ(pinned_user("/either"), "/either");
}

TEST(EmulatorPromptHandling, the_pinned_build_keeps_all_of_a_wrapped_prompt) {
  EXPECT_EQ(pinned_user("[INST] Tell me about IT [/INST]"), "Tell me about IT");
  EXPECT_EQ(pinned_user("\n\n[INST] I [/INST]\n"), "I");
}

TEST(EmulatorPromptHandling, the_pinned_build_always_wraps_and_puts_the_system_prompt_first) {
  const SeenPrompt seen =
      handle_prompt(kChat2023, {{"prompt", "[INST] Hi! [/INST]\nHello!\n[INST] And you? [/INST]"},
                                {"system_prompt", "Be brief."}});
  EXPECT_EQ(seen.text,
            "[INST] <<SYS>>\nBe brief.\n<</SYS>>\n\nHi! [/INST]\nHello!\n[INST] And you? [/INST]");
}

TEST(EmulatorPromptHandling, white_space_is_the_same_as_in_python) {
  EXPECT_EQ(strip("\xc2\xa0\xe3\x80\x80 \x1c x\xe2\x80\xa8\xc2\x85"), "x");
  EXPECT_EQ(strip("\xe2\x80\x8b"), "\xe2\x80\x8b") << "a zero-width space is not white space";
  EXPECT_EQ(strip(" \n "), "");
}

TEST(EmulatorPromptHandling, an_official_build_formats_its_template_and_strips_nothing) {
  const SeenPrompt seen =
      handle_prompt(kOfficialChat, {{"prompt", "[INST] {x} [/INST]\n"}, {"system_prompt", "S"}});
  EXPECT_EQ(seen.text, "<s>[INST] <<SYS>>\nS\n<</SYS>>\n\n[INST] {x} [/INST]\n [/INST]");
  EXPECT_EQ(seen.user, "[INST] {x} [/INST]\n");
}

TEST(EmulatorPromptHandling, a_custom_template_needs_only_the_prompt) {
  const SeenPrompt seen = handle_prompt(
      kOfficialChat, {{"prompt", "<s>[INST] a [/INST]"}, {"prompt_template", "{prompt}"}});
  EXPECT_EQ(seen.text, "<s>[INST] a [/INST]");
}

TEST(EmulatorPromptHandling, an_official_build_fails_with_the_code_of_the_error) {
  const std::array<std::pair<Json, std::string>, 5> cases{{
      {{{"prompt", ""}}, "E1001"},
      {{{"prompt", "x"}, {"prompt_template", "no place"}}, "E1003"},
      {{{"prompt", "x"}, {"prompt_template", "{prompt} {other}"}}, "E1004"},
      {{{"prompt", "x"}, {"prompt_template", "{prompt} }"}}, "E1004"},
      {{{"prompt", "x"}, {"prompt_template", "{prompt} {"}}, "E1004"},
  }};
  for (const auto& [input, code] : cases) {
    EXPECT_TRUE(handle_prompt(kOfficialChat, input).error.starts_with(code)) << input;
  }
  EXPECT_EQ(
      handle_prompt(kOfficialChat, {{"prompt", "x"}, {"prompt_template", "{{{prompt}}}"}}).text,
      "{x}");
}

TEST(EmulatorPromptHandling, a_build_of_2023_12_removes_one_leading_bos) {
  EXPECT_EQ(
      handle_prompt(kTemplateChat, {{"prompt", "x"}, {"prompt_template", "<s><s>{prompt}"}}).text,
      "<s>x");
}

TEST(EmulatorPromptHandling, a_base_model_reads_the_prompt_unchanged) {
  EXPECT_EQ(handle_prompt(kBase2023, {{"prompt", " Tell [INST]\n"}}).text, " Tell [INST]\n");
  EXPECT_EQ(handle_prompt(kOfficialBase, {{"prompt", " Tell\n"}}).text, " Tell\n");
}

TEST(EmulatorAnswers, the_last_turn_determines_the_answer) {
  EXPECT_EQ(last_turn("[INST] <<SYS>>\npoem\n<</SYS>>\n\na [/INST] b </s><s>[INST] c [/INST]"),
            "c");
  const SeenPrompt sky =
      handle_prompt(kChat2023, {{"prompt", "[INST] Why is the sky blue? [/INST]"}});
  EXPECT_NE(canned_answer(sky).find("Rayleigh"), std::string::npos);
}

TEST(EmulatorAnswers, a_name_given_earlier_is_remembered) {
  const auto answer = [](const std::string& prompt) {
    return canned_answer(handle_prompt(kOfficialChat, {{"prompt", prompt}}));
  };
  EXPECT_EQ(answer("My name is Ann. [/INST] Hello! [INST] What is my name?"), "Your name is Ann.");
  EXPECT_EQ(answer("What is my name?"), "You have not told me your name.");
}

}  // namespace
}  // namespace rellama::emulator

// The pinned version strips letters from both ends of a prompt before it wraps it. These tests hold
// what is sent against what that version makes of it.

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <string_view>
#include <variant>

#include "prompt/render.hpp"

namespace rellama::prompt {
namespace {

// Python's str.strip family, as far as the pinned build uses it, written from Python's own manual.
std::string lstrip(const std::string& text, std::string_view set) {
  const auto begin = text.find_first_not_of(set);
  return begin == std::string::npos ? "" : text.substr(begin);
}
std::string rstrip(const std::string& text, std::string_view set) {
  const auto last = text.find_last_not_of(set);
  return last == std::string::npos ? "" : text.substr(0, last + 1);
}
std::string strip(const std::string& text, std::string_view set = " \t\n\r\v\f\x1c\x1d\x1e\x1f") {
  return rstrip(lstrip(text, set), set);
}

// What the pinned build leaves of a prompt before it writes its own tags around it.
std::string as_pinned_build_sees(const std::string& sent) {
  return strip(rstrip(lstrip(strip(sent, "\n"), "[INST]"), "[/INST]"));
}

// What goes over the wire for a prompt.
std::string sent_for(const std::string& prompt) {
  const ModelRef pinned = parse_model_ref(
      "meta/llama-2-70b-chat:02e509c789964a7ea8736978a43525956ef40397be9033abf9fd2badfe68c9e3");
  return std::get<std::string>(render_input({pinned, find_build(pinned)}, prompt, {}).at(0).value);
}

TEST(PinnedBuild, bare_prompts_lose_letters_so_they_are_wrapped) {
  EXPECT_EQ(as_pinned_build_sees("Tell me"), "ell me");
  EXPECT_EQ(as_pinned_build_sees("I am"), "am");
  EXPECT_EQ(as_pinned_build_sees("What is IT"), "What is");
}

TEST(PinnedBuild, sees_prompts_unaltered_that_used_to_be_mangled) {
  for (const std::string prompt : {"Tell me", "I am", "What is IT", "INST", "[INST] hi [/INST]",
                                   "[/INST]", "T", "Can you write a poem?"}) {
    EXPECT_EQ(as_pinned_build_sees(sent_for(prompt)), prompt);
  }
}

TEST(PinnedBuild, sees_every_prompt_as_typed_except_surrounding_whitespace) {
  const std::string letters = "INST/[] \n\tab";
  std::mt19937 random(19);
  std::uniform_int_distribution<std::size_t> pick(0, letters.size() - 1);
  std::uniform_int_distribution<int> length(1, 12);
  for (int round = 0; round < 20'000; ++round) {
    std::string prompt;
    for (int left = length(random); left > 0; --left) prompt += letters[pick(random)];
    if (strip(prompt).empty()) continue;
    ASSERT_EQ(as_pinned_build_sees(sent_for(prompt)), strip(prompt))
        << testing::PrintToString(prompt);
  }
}

}  // namespace
}  // namespace rellama::prompt

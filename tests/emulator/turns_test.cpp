#include "emulator/turns.hpp"

#include <gtest/gtest.h>

#include <string>

namespace rellama::emulator {
namespace {

std::string read(std::string_view text) {
  std::string turns;
  for (const SeenTurn& turn : read_turns(text)) {
    turns.append(turns.empty() ? "" : " / ").append(name_of(turn.role)).append(": ");
    turns.append(turn.text);
  }
  return turns;
}

TEST(EmulatorTurns, turns_are_recognized_in_the_format_of_each_family) {
  const std::string three = "system: S / user: a / assistant: b / user: c";
  EXPECT_EQ(read("<s>[INST] <<SYS>>\nS\n<</SYS>>\n\na [/INST] b </s><s>[INST] c [/INST]"), three);
  EXPECT_EQ(read("<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nS<|eot_id|>"
                 "<|start_header_id|>user<|end_header_id|>\n\na<|eot_id|>"
                 "<|start_header_id|>assistant<|end_header_id|>\n\nb<|eot_id|>"
                 "<|start_header_id|>user<|end_header_id|>\n\nc<|eot_id|>"
                 "<|start_header_id|>assistant<|end_header_id|>\n\n"),
            three);
  EXPECT_EQ(read("S USER: a ASSISTANT: b</s>USER: c ASSISTANT:"), three);
  EXPECT_EQ(read("S\n\nUser: a\nAssistant: b\nUser: c\nAssistant:"), three);
  EXPECT_EQ(read("S\n\n### Instruction:\na\n\n### Response:\nb\n\n### Instruction:\nc\n\n"
                 "### Response:\n"),
            three);
  EXPECT_EQ(read("Source: system\n\n S <step> Source: user\n\n a <step> Source: assistant\n\n b "
                 "<step> Source: user\n\n c <step> Source: assistant\nDestination: user\n\n "),
            three);
}

TEST(EmulatorTurns, a_text_without_markers_is_a_turn_of_the_user) {
  EXPECT_EQ(read(" Hello \n"), "user: Hello");
  EXPECT_EQ(read(" \n"), "");
}

TEST(EmulatorTurns, a_marker_inside_a_turn_starts_a_turn) {
  EXPECT_EQ(read("[INST] a [/INST] b [INST] c [/INST]"), "user: a / assistant: b / user: c");
}

}  // namespace
}  // namespace rellama::emulator

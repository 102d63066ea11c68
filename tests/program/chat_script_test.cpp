// `rellama chat` where it costs money by mistake: scripts, limits, and what is sent again.

#include "program/chat_fixture.hpp"
#include "support/expect_error.hpp"

namespace rellama::test {
namespace {

class ChatScript : public ChatProgram {
 protected:
  [[nodiscard]] static std::string lines(int count) {
    std::string text;
    for (int i = 1; i <= count; ++i) text += "line " + std::to_string(i) + "\n";
    return text;
  }
  [[nodiscard]] Launch on_terminal(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"-m", kEcho});
    return ChatProgram::on_terminal(std::move(arguments));
  }
};

TEST_F(ChatScript, what_leaves_other_programs_leaves_the_chat) {
  for (const char* word : {"exit", "quit", ":q", "/quit", "/q", "/bye"}) {
    const Outcome outcome = script(word + std::string("\nhello\n"));
    EXPECT_EQ(outcome.exit_code, 0) << word << outcome.err;
  }
  EXPECT_EQ(creates(), 0U);
}

TEST_F(ChatScript, a_file_with_many_lines_stops_at_the_limit) {
  const Outcome outcome = script(lines(30), {"-q", "-m", kEcho});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_EQ(creates(), 20U);
  EXPECT_TRUE(holds(outcome.err, "stopped after 20 predictions: --max-predictions allows 20"))
      << outcome.err;
}

TEST_F(ChatScript, the_limit_can_be_raised_and_lowered) {
  EXPECT_EQ(script(lines(25), {"-q", "-m", kEcho, "--max-predictions", "25"}).exit_code, 0);
  EXPECT_EQ(creates(), 25U);
  EXPECT_EQ(script(lines(3), {"-q", "-m", kEcho, "--max-predictions", "2"}).exit_code, 2);
  EXPECT_EQ(creates(), 27U);
  EXPECT_EQ(script(lines(1), {"--max-predictions", "0"}).exit_code, 2);
  EXPECT_EQ(creates(), 27U);
}

TEST_F(ChatScript, at_the_limit_a_person_is_asked) {
  Process process(on_terminal({"--max-predictions", "1"}));
  ASSERT_TRUE(is_ready(process));
  process.type("one\r");
  ASSERT_TRUE(process.read_until("one [/INST]"));
  process.type("two\r");
  ASSERT_TRUE(process.read_until("1 prediction started so far; send this message too? [y/N] "));
  process.type("\r");
  ASSERT_TRUE(process.read_until("not sent"));
  process.type("three\r");
  ASSERT_TRUE(process.read_until("send this message too? [y/N] "));
  process.type("y\r");
  ASSERT_TRUE(process.read_until("three [/INST]"));
  process.type("\x04");
  EXPECT_EQ(process.wait().exit_code, 0);
  EXPECT_EQ(creates(), 2U);
}

TEST_F(ChatScript, a_command_that_fails_ends_a_script) {
  for (const char* command : {"/set temperature=9", "/model no such", "/system @/no/such",
                              "/file /no/such", "/bogus", "/sessions 99"}) {
    const Outcome outcome = script(command + std::string("\nHello\n"));
    EXPECT_NE(outcome.exit_code, 0) << command;
  }
  EXPECT_EQ(creates(), 0U);
}

TEST_F(ChatScript, a_command_that_fails_does_not_end_a_conversation_at_a_terminal) {
  Process process(on_terminal({}));
  ASSERT_TRUE(is_ready(process));
  process.type("/set top_k=none\r");
  ASSERT_TRUE(process.read_until("rellama: "));
  process.type("/usage\r");
  ASSERT_TRUE(process.read_until("0 answers"));
  process.type("quit\r");
  EXPECT_EQ(process.wait().exit_code, 0);
}

TEST_F(ChatScript, retry_repeats_the_last_message_of_the_branch) {
  const Outcome outcome = script("One\n/undo\nTwo\n/branch 1\n/retry\n", {"-q", "-m", kEcho});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_TRUE(holds(last_create()["input"]["prompt"].get<std::string>(), "One"));
  EXPECT_FALSE(holds(last_create()["input"]["prompt"].get<std::string>(), "Two"));
}

TEST_F(ChatScript, a_cleared_conversation_has_nothing_to_retry) {
  const Outcome outcome = script("One\n/clear\n/retry\n", {"-q", "-m", kEcho});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_TRUE(holds(outcome.err, "no message to retry"));
  EXPECT_EQ(creates(), 1U);
}

TEST_F(ChatScript, a_resumed_conversation_can_be_retried) {
  (void)script("My name is Ann.\n", {"-q", "--session", "work"});
  const Outcome outcome = script("/retry\n", {"-q", "--session", "work"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(creates(), 2U);
  const std::string prompt = last_create()["input"]["prompt"].get<std::string>();
  EXPECT_EQ(prompt.find("My name is Ann."), prompt.rfind("My name is Ann."))
      << "it replaces the first";
}

TEST_F(ChatScript, a_message_that_failed_can_be_retried_after_the_conversation_is_resumed) {
  start_emulator_with({"predict:ok*1", "predict:failed*1"});
  (void)script("One\nTwo\n", {"-q", "-m", kEcho, "--session", "work"});
  const Outcome outcome = script("/retry\n", {"-q", "--session", "work"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_TRUE(holds(last_create()["input"]["prompt"].get<std::string>(), "Two"));
}

TEST_F(ChatScript, a_line_that_cannot_be_sent_ends_it) {
  const std::string utf16("\xFF\xFEO\0n\0e\0\n\0T\0w\0o\0\n\0", 18);
  for (const std::string& lines : {utf16, std::string("a\0b\nc\n", 6), std::string("\x80\nc\n")}) {
    const Outcome outcome = script(lines, {"-q", "-m", kEcho});
    EXPECT_EQ(outcome.exit_code, 2) << outcome.err;
  }
  EXPECT_EQ(creates(), 0U);
}

TEST_F(ChatScript, a_message_that_failed_is_retried_where_it_was_sent) {
  start_emulator_with({"create:ok*1", "create:402*1"});
  const Outcome outcome = script("One\nTwo\n/retry\n", {"-q", "-m", kEcho});
  EXPECT_EQ(outcome.exit_code, 5) << outcome.err;
  EXPECT_TRUE(holds(last_create()["input"]["prompt"].get<std::string>(), "Two"));
}

}  // namespace
}  // namespace rellama::test

// What the commands of a chat do.

#include "program/chat_fixture.hpp"
#include "support/expect_error.hpp"

namespace rellama::test {
namespace {

class ChatCommands : public ChatProgram {
 protected:
  [[nodiscard]] std::string last_prompt() const {
    return last_create()["input"]["prompt"].get<std::string>();
  }
  static bool quit(Process& process) {
    process.type("\x04");
    return process.wait().exit_code == 0;
  }
};

TEST_F(ChatCommands, set_takes_several_settings_and_other_names_for_them) {
  (void)script("/set temp 0.2 top_p=0.7 max_length=9\nHello\n");
  EXPECT_EQ(last_create()["input"]["temperature"], 0.2);
  EXPECT_EQ(last_create()["input"]["top_p"], 0.7);
  EXPECT_EQ(last_create()["input"]["max_tokens"], 9);
  (void)script("/set temp 0.2\n/set temperature=\nHello\n", {"-o", "temperature=0.3"});
  EXPECT_EQ(last_create()["input"]["temperature"], 0.5);
}

TEST_F(ChatCommands, a_file_can_be_removed_before_it_is_sent) {
  const std::string one = file("one.txt", "First file.\n");
  const std::string two = file("two.txt", "Second file.\n");
  Outcome outcome = script("/file " + one + "\n/file " + two + "\n/drop " + one + "\nRead it\n");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_FALSE(holds(last_prompt(), "First file."));
  EXPECT_TRUE(holds(last_prompt(), "Second file.\n\nRead it"));
  outcome = script("/file " + one + "\n/file " + two + "\n/drop\nHello\n");
  EXPECT_TRUE(holds(outcome.err, "removed 2 files")) << outcome.err;
  EXPECT_FALSE(holds(last_prompt(), "file."));
  outcome = script("/drop " + one + "\n");
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_TRUE(holds(outcome.err, "no file was added"));
}

TEST_F(ChatCommands, copy_passes_the_last_answer_to_the_terminal) {
  Process chat(on_terminal({"-m", kEcho}));
  ASSERT_TRUE(chat.read_until("> "));
  chat.type("abc\r");
  ASSERT_TRUE(chat.read_until("[/INST]"));
  chat.type("/copy\r");
  ASSERT_TRUE(chat.read_until("\x1b]52;c;"));
  ASSERT_TRUE(chat.read_until("\x07"));
  ASSERT_TRUE(chat.read_until("to the terminal's clipboard"));
  EXPECT_TRUE(quit(chat));
  EXPECT_TRUE(holds(script("Hello\n/copy\n").err, "there is no terminal to copy with"));
  EXPECT_TRUE(holds(script("/copy\n").err, "no answer to copy"));
}

TEST_F(ChatCommands, an_answer_is_copied_and_saved_without_the_blank_before_it) {
  Process chat(on_terminal());
  ASSERT_TRUE(chat.read_until("> "));
  chat.type("Hello\r");
  ASSERT_TRUE(chat.read_until("> "));
  chat.type("/copy\r");
  ASSERT_TRUE(chat.read_until("\x1b]52;c;SGVsbG8h")) << "Hello!";
  EXPECT_TRUE(quit(chat));
  EXPECT_TRUE(holds(script("Hello\n/save -\n").out, "## Llama\n\nHello!"));
  EXPECT_TRUE(holds(rellama({"history", "show", "1"}).out, "## Llama\n\nHello!"));
}

TEST_F(ChatCommands, the_list_of_sessions_marks_the_current_one) {
  (void)script("Hello\n");
  const Outcome outcome = script("Hi\n/sessions\n");
  EXPECT_TRUE(holds(outcome.err, "\n2 *  ")) << outcome.err;
  EXPECT_TRUE(holds(outcome.err, "\n1    ")) << outcome.err;
}

TEST_F(ChatCommands, without_any_sessions_the_list_is_not_an_error) {
  const Outcome outcome = script("/sessions\n");
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_TRUE(holds(outcome.err, "no conversations yet"));
}

TEST_F(ChatCommands, a_resumed_session_shows_its_last_turns) {
  (void)script("My name is Ann.\nI like tea.\nWhat is my name?\n");
  Process process(on_terminal({"-c"}));
  ASSERT_TRUE(process.read_until("continuing after 3 messages; the last 2:"));
  ASSERT_TRUE(process.read_until("> I like tea.\r\n"));
  ASSERT_TRUE(process.read_until("> What is my name?\r\nYour name is Ann.\r\n"));
  ASSERT_TRUE(process.read_until("> "));
  EXPECT_TRUE(quit(process));
  EXPECT_EQ(creates(), 3U) << "they are not asked again";
}

TEST_F(ChatCommands, files_of_the_command_line_precede_the_first_message) {
  const std::string path = file("notes.txt", "The notes.\n");
  (void)script("Explain them\n", {"-q", "-f", path});
  EXPECT_TRUE(holds(last_prompt(), "The notes.\n\nExplain them"));
  EXPECT_EQ(creates(), 1U);
  (void)script("", {"-q", "-f", path, "Explain", "these"});
  EXPECT_TRUE(holds(last_prompt(), "The notes.\n\nExplain these"));
  EXPECT_EQ(script("", {"-f", "/no/such"}).exit_code, 2);
}

TEST_F(ChatCommands, one_is_singular) {
  const Outcome outcome = script("Hello\n/usage\n/branch\n");
  EXPECT_TRUE(holds(outcome.err, "1 answer, ")) << outcome.err;
  EXPECT_TRUE(holds(outcome.err, "(1 message)"));
}

}  // namespace
}  // namespace rellama::test

// `rellama chat`, driven by scripts and by typing.

#include <signal.h>

#include "program/chat_fixture.hpp"
#include "support/expect_error.hpp"

namespace rellama::test {
namespace {

class Chat : public ChatProgram {
 protected:
  void start_slow_emulator() {
    emulator::EmulatorOptions options;
    options.token_rate = 20;
    start_emulator(options);
  }
};

TEST_F(Chat, a_script_gets_the_answers_and_nothing_else) {
  const Outcome outcome = script("My name is Ann.\nWhat is my name?\n", {"-q"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_TRUE(outcome.out.ends_with("Your name is Ann.\n")) << outcome.out;
  EXPECT_EQ(outcome.err, "");
  EXPECT_EQ(creates(), 2U);
}

TEST_F(Chat, arguments_are_the_first_message) {
  const Outcome outcome = script("What is my name?\n", {"-q", "My name", "is Ann."});
  EXPECT_TRUE(outcome.out.ends_with("Your name is Ann.\n")) << outcome.out;
}

TEST_F(Chat, messages_beyond_the_context_window_are_dropped_with_a_notice) {
  const std::string path = file("long.txt", [] {
    std::string words;
    while (words.size() < 8000) words += "word ";
    return words + "\n";
  }());
  const std::string load = "/file " + path + "\n";
  const Outcome outcome = script("My name is Ann.\n" + load + "Read it\n" + load + "And again\n" +
                                     load + "Again\nWhat is my name?\n",
                                 {"--max-new-tokens", "100"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_TRUE(
      holds(outcome.err, "left out the earliest message to fit the model's 4096-token window"));
  EXPECT_TRUE(outcome.out.ends_with("Your name is Ann.\n")) << "the first message stays";
}

TEST_F(Chat, a_message_that_is_too_long_is_rejected_and_the_conversation_continues) {
  const std::string path = file("long.txt", std::string(40'000, '7') + "\n");
  const Outcome outcome = script("/file " + path + "\nRead it\nHello\n");
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_TRUE(holds(outcome.err, "the message is too long"));
  EXPECT_TRUE(holds(last_create()["input"]["prompt"].get<std::string>(), "\n\nHello [/INST]"))
      << "the file went with the message that was refused";
}

TEST_F(Chat, clear_and_undo_remove_messages) {
  EXPECT_TRUE(script("My name is Ann.\n/clear\nWhat is my name?\n")
                  .out.ends_with("You have not told me your name.\n"));
  EXPECT_TRUE(script("My name is Ann.\nMy name is Bob.\n/undo\nWhat is my name?\n")
                  .out.ends_with("Your name is Ann.\n"));
}

TEST_F(Chat, branches_are_independent) {
  const Outcome outcome = script(
      "Hello\nMy name is Ann.\n/undo\nMy name is Bob.\n/branch\n/branch 2\nWhat is my name?\n");
  EXPECT_TRUE(outcome.out.ends_with("Your name is Ann.\n")) << outcome.out;
  EXPECT_NE(outcome.err.find("  2: My name is Ann. (2 messages)\n"), std::string::npos)
      << outcome.err;
  EXPECT_NE(outcome.err.find("* 3: My name is Bob. (2 messages)\n"), std::string::npos);
}

TEST_F(Chat, retry_replaces_the_last_answer) {
  const Outcome outcome = script("My name is Ann.\n/retry\n/branch\n", {"-q"});
  EXPECT_EQ(creates(), 2U);
  EXPECT_NE(outcome.err.find("* 2: My name is Ann. (1 message)"), std::string::npos) << outcome.err;
}

TEST_F(Chat, retry_works_after_a_failure) {
  start_emulator_with({"create:402*1"});
  const Outcome outcome = script("Hello\n/retry\n", {"-q"});
  EXPECT_EQ(outcome.exit_code, 5) << "the first failure is the script's";
  EXPECT_NE(outcome.out, "");
  EXPECT_EQ(creates(), 2U);
}

TEST_F(Chat, a_message_can_have_many_lines) {
  const Outcome outcome =
      script("\"\"\"\none\n\ntwo\n\"\"\"\nthree\\\nfour\n", {"-q", "-m", kEcho});
  EXPECT_NE(outcome.out.find("one\n\ntwo"), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.out.find("three\nfour"), std::string::npos);
}

TEST_F(Chat, a_file_goes_before_the_next_message) {
  const std::string path = file("notes.txt", "The file.\n");
  const Outcome outcome = script("/file " + path + "\nExplain it\nAgain\n", {"-q", "-m", kEcho});
  EXPECT_NE(outcome.out.find("The file.\n\nExplain it"), std::string::npos) << outcome.out;
}

TEST_F(Chat, settings_change_what_is_sent) {
  (void)script(
      "/model 13b\n/set temperature=0.2\n/set max_new_tokens=7\n/system Be brief.\nHello\n");
  const auto input = last_create()["input"];
  EXPECT_EQ(input["temperature"], 0.2);
  EXPECT_TRUE(holds(input["prompt"].get<std::string>(), "<<SYS>>\nBe brief.\n<</SYS>>"));
  EXPECT_EQ(count_requests("POST", "llama-2-13b-chat/predictions"), 1U);
  (void)script("/set temperature=0.2\n/set temperature=\nHello\n");
  EXPECT_EQ(last_create()["input"]["temperature"], 0.5);
}

TEST_F(Chat, invalid_settings_are_rejected_and_change_nothing) {
  Process process(on_terminal());
  ASSERT_TRUE(is_ready(process));
  for (const char* setting :
       {"/set temperature=9\r", "/set temperature=hot\r", "/model no such\r"}) {
    process.type(setting);
    ASSERT_TRUE(process.read_until("rellama: "));
  }
  process.type("Hello\r");
  ASSERT_TRUE(process.read_until("begin with?"));
  process.type("\x04");
  EXPECT_EQ(process.wait().exit_code, 0);
  EXPECT_EQ(last_create()["input"]["temperature"], 0.5);
  EXPECT_EQ(creates(), 1U);
}

TEST_F(Chat, the_conversation_is_saved_without_overwriting_a_file) {
  const std::string path = (home_ / "talk.md").string();
  EXPECT_EQ(script("Hello\n/save " + path + "\n").exit_code, 0);
  const Outcome text = shell("cat ~/talk.md");
  EXPECT_TRUE(text.out.starts_with("## You\n\nHello\n\n## Llama\n\n")) << text.out;
  EXPECT_EQ(script("/save " + path + "\n").exit_code, 2);
  EXPECT_EQ(shell("cat ~/talk.md").out, text.out);
}

TEST_F(Chat, a_message_can_be_edited_and_sent_again) {
  const std::string editor = file("editor.sh", "sed -i s/Ann/Bob/ \"$1\"\n");
  Launch chat = launch({"chat", "-q"});
  chat.environment["EDITOR"] = "sh " + editor;
  chat.input = "My name is Ann.\nHello\n/edit 1\nWhat is my name?\n";
  EXPECT_TRUE(run(chat).out.ends_with("Your name is Bob.\n"));
  chat.environment["EDITOR"] = "false";
  EXPECT_EQ(run(chat).exit_code, 2);
}

TEST_F(Chat, usage_adds_up) {
  const Outcome outcome = script("Hello\nHello\n/usage\n");
  EXPECT_NE(outcome.err.find("2 answers"), std::string::npos) << outcome.err;
}

TEST_F(Chat, a_failure_is_reported_and_the_conversation_continues) {
  start_emulator_with({"predict:failed@3*1"});
  const Outcome outcome = script("My name is Ann.\nWhat is my name?\n");
  EXPECT_EQ(outcome.exit_code, 9);
  EXPECT_TRUE(outcome.out.ends_with("Your name is Ann.\n")) << "what was cut short was said";
}

TEST_F(Chat, ten_bad_inputs_are_rejected) {
  const std::vector<std::string> bad{"/bogus",         "/",          "/file",  "/file /no/such",
                                     "/branch 7",      "/edit",      "/retry", "/set nonsense",
                                     "/save /no/such", "/help bogus"};
  for (const std::string& line : bad) {
    EXPECT_EQ(script(line + "\n").exit_code, 2) << line;
  }
  EXPECT_EQ(creates(), 0U);
}

TEST_F(Chat, without_a_token_the_chat_does_not_start) {
  Launch chat = launch({"chat"});
  chat.environment.erase("REPLICATE_API_TOKEN");
  chat.input = "Hello\n";
  EXPECT_EQ(run(chat).exit_code, 3);
}

TEST_F(Chat, a_user_types_edits_and_quits_with_ctrl_d) {
  Process process(on_terminal());
  ASSERT_TRUE(is_ready(process));
  process.type(
      "My name is Xnn.\x1b[D\x1b[D\x1b[D\x08"
      "A\r");
  process.type("What is my name?\r");
  ASSERT_TRUE(process.read_until("Your name is Ann."));
  process.type("\x04");
  EXPECT_EQ(process.wait().exit_code, 0);
  EXPECT_EQ(creates(), 2U);
}

TEST_F(Chat, answers_are_rendered_on_a_terminal) {
  Launch rendered = launch({"chat", "--markdown", "always", "-m", kEcho});
  rendered.on_terminal = true;
  Process process(std::move(rendered));
  ASSERT_TRUE(is_ready(process));
  process.type("this is **bold**\r");
  ASSERT_TRUE(process.read_until("\x1b[1mbold"));
  process.type("\x04");
  EXPECT_EQ(process.wait().exit_code, 0);
}

TEST_F(Chat, ctrl_c_stops_the_answer_but_not_the_session) {
  start_slow_emulator();
  Process process(on_terminal());
  ASSERT_TRUE(is_ready(process));
  process.type("Why is the sky blue?\r");
  ASSERT_TRUE(process.read_until("scatter"));
  process.type("\x03");
  ASSERT_TRUE(process.read_until("interrupted"));
  process.type("/branch\r");
  ASSERT_TRUE(process.read_until("(1 message)"));
  process.type("/exit\r");
  EXPECT_EQ(process.wait().exit_code, 0);
  EXPECT_EQ(cancels(), 1U);
}

TEST_F(Chat, ctrl_c_at_the_prompt_clears_the_line) {
  Process process(on_terminal({"-m", kEcho}));
  ASSERT_TRUE(is_ready(process));
  process.type("throw this away");
  ASSERT_TRUE(process.read_until("away"));
  process.type("\x03");
  ASSERT_TRUE(process.read_until("throw this away\r\n"));
  process.type("/usage\r");
  ASSERT_TRUE(process.read_until("0 answers"));
  process.type("\x04");
  EXPECT_EQ(process.wait().exit_code, 0);
  EXPECT_EQ(creates(), 0U);
}

TEST_F(Chat, a_paste_stays_one_message) {
  Process process(on_terminal({"-m", kEcho}));
  ASSERT_TRUE(is_ready(process));
  process.type("\x1b[200~first\nsecond\n\tthird\x1b[201~");
  ASSERT_TRUE(process.read_until("third"));
  process.type("\r");
  ASSERT_TRUE(process.read_until("first\r\nsecond\r\n\tthird"));
  process.type("\x04");
  EXPECT_EQ(process.wait().exit_code, 0);
  EXPECT_EQ(creates(), 1U);
}

TEST_F(Chat, a_paste_with_crlf_has_no_empty_lines) {
  Process process(on_terminal({"-m", kEcho}));
  ASSERT_TRUE(is_ready(process));
  process.type("\x1b[200~first\r\nsecond\x1b[201~");
  ASSERT_TRUE(process.read_until("second"));
  process.type("\r");
  ASSERT_TRUE(process.read_until("first\r\nsecond"));
  process.type("\x04");
  EXPECT_EQ(process.wait().exit_code, 0);
  EXPECT_TRUE(holds(last_create()["input"]["prompt"].get<std::string>(), "first\nsecond"));
}

TEST_F(Chat, tab_completes_commands_and_models) {
  Process process(on_terminal());
  ASSERT_TRUE(is_ready(process));
  process.type("/mod\t13\t\r");
  ASSERT_TRUE(process.read_until("model: meta/llama-2-13b-chat"));
  process.type("\x04");
  EXPECT_EQ(process.wait().exit_code, 0);
}

TEST_F(Chat, text_typed_during_an_answer_waits_for_its_end) {
  start_slow_emulator();
  Process process(on_terminal({"-m", kEcho}));
  ASSERT_TRUE(is_ready(process));
  process.type("one two three four five six\r");
  ASSERT_TRUE(process.read_until("[INST] one"));
  process.type("/usage\r\x04");
  const Outcome outcome = process.wait();
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_TRUE(holds(outcome.out + outcome.err, "six [/INST]\r\n")) << "nothing came in between";
  EXPECT_TRUE(holds(outcome.out + outcome.err, "1 answer,"));
}

TEST_F(Chat, an_editor_gets_the_terminal_in_its_original_state) {
  const std::string editor = file("editor.sh", "stty -a | grep -ow -e '-*icanon' -e '-*echo'\n");
  Launch chat = on_terminal();
  chat.environment["EDITOR"] = "sh " + editor + " #";
  Process process(chat);
  ASSERT_TRUE(is_ready(process));
  process.type("Hello\r");
  ASSERT_TRUE(process.read_until("begin with?"));
  process.type("/edit\r");
  ASSERT_TRUE(process.read_until("unchanged"));
  process.type("\x04");
  const Outcome outcome = process.wait();
  EXPECT_TRUE(holds(outcome.out + outcome.err, "\x1b[?2004licanon\r\necho\r\n"));
}

TEST_F(Chat, typed_lines_are_available_in_the_next_session) {
  for (const char* typed : {"/set seed=4711\r", "\x10\x10\r"}) {  // Ctrl-P: previous line
    Process process(on_terminal());
    ASSERT_TRUE(is_ready(process));
    process.type(typed);
    process.type("/set\r");
    ASSERT_TRUE(process.read_until("seed=4711\r\n"));
    process.type("\x04");
    EXPECT_EQ(process.wait().exit_code, 0);
  }
}

TEST_F(Chat, resizing_the_window_keeps_the_line) {
  Process process(on_terminal());
  ASSERT_TRUE(is_ready(process));
  process.type("/set see");
  ASSERT_TRUE(process.read_until("see"));
  process.resize(10, 40);
  process.type("d=12\r/set\r");
  ASSERT_TRUE(process.read_until("seed=12"));
  process.type("\x04");
  EXPECT_EQ(process.wait().exit_code, 0);
}

TEST_F(Chat, sigterm_ends_the_session_at_the_prompt_and_in_an_answer) {
  {
    Process process(on_terminal());
    ASSERT_TRUE(is_ready(process));
    process.send_signal(SIGTERM);
    EXPECT_EQ(process.wait().exit_code, 143);
  }
  start_slow_emulator();
  Process process(on_terminal());
  ASSERT_TRUE(is_ready(process));
  process.type("Why is the sky blue?\r");
  ASSERT_TRUE(process.read_until("scatter"));
  process.send_signal(SIGTERM);
  EXPECT_EQ(process.wait().exit_code, 143);
  EXPECT_EQ(cancels(), 1U);
}

TEST_F(Chat, the_model_does_not_control_the_terminal) {
  Process process(on_terminal({"-m", kEcho}));
  ASSERT_TRUE(is_ready(process));
  const std::string path = file("evil.txt", "\x1b]0;owned\x07");
  process.type("/file " + path + "\r");
  ASSERT_TRUE(process.read_until("will precede"));
  process.type("x\r");
  ASSERT_TRUE(process.read_until("]0;owned"));
  process.type("\x04");
  EXPECT_EQ(process.wait().err.find("\x1b]0;"), std::string::npos);
}

}  // namespace
}  // namespace rellama::test

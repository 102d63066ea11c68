// What a user types and pastes at the prompt of a chat.

#include <algorithm>
#include <fstream>

#include "program/program_test.hpp"
#include "support/expect_error.hpp"

namespace rellama::test {
namespace {

class LineEditing : public ProgramTest {
 protected:
  [[nodiscard]] Launch chat() const {
    Launch launch = this->launch({"chat", "-q", "--markdown", "never", "-m", kEcho});
    launch.on_terminal = true;
    return launch;
  }
  /// Waits for the first prompt.
  [[nodiscard]] static bool is_ready(Process& process) { return process.read_until("> "); }
  static std::string quit(Process& process) {
    process.type("\x04");
    const Outcome outcome = process.wait();
    EXPECT_EQ(outcome.exit_code, 0);
    return outcome.out + outcome.err;
  }
  static std::size_t count(std::string_view text, std::string_view part) {
    std::size_t count = 0;
    for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1)) {
      ++count;
    }
    return count;
  }
};

TEST_F(LineEditing, a_paste_whose_marks_come_in_pieces_stays_one_message) {
  Process process(chat());
  ASSERT_TRUE(is_ready(process));
  // Each piece is echoed, or shown to be read by what follows, before the next one is sent.
  process.type("x\x1b[20");
  ASSERT_TRUE(process.read_until("x"));
  process.type("0~first\rsecond\x1b[");
  ASSERT_TRUE(process.read_until("second"));
  process.type("201~ and third");
  ASSERT_TRUE(process.read_until("third"));
  process.type("\r");
  ASSERT_TRUE(process.read_until("[/INST]"));
  (void)quit(process);
  EXPECT_EQ(creates(), 1U);
  EXPECT_TRUE(
      holds(last_create()["input"]["prompt"].get<std::string>(), "xfirst\nsecond and third"));
}

TEST_F(LineEditing, a_paste_during_an_answer_becomes_one_message) {
  emulator::EmulatorOptions options;
  options.token_rate = 20;
  start_emulator(options);
  Process process(chat());
  ASSERT_TRUE(is_ready(process));
  process.type("one two three four five six\r");
  ASSERT_TRUE(process.read_until("[INST] one"));
  process.type("\x1b[200~seven\reight\x1b[201~\r");
  ASSERT_TRUE(process.read_until("seven\r\neight [/INST]"));
  (void)quit(process);
  EXPECT_EQ(creates(), 2U);
}

TEST_F(LineEditing, a_long_message_of_an_earlier_session_is_not_read) {
  std::filesystem::create_directories(home_ / ".local/state/rellama");
  const auto path = home_ / ".local/state/rellama/chat_input.jsonl";
  std::ofstream(path) << '"' << std::string(1'000'000, 'x') << "\"\n\"/usage\"\n";
  Process process(chat());
  ASSERT_TRUE(is_ready(process));
  process.type("\x10\x10\r");  // Ctrl-P: previous line
  ASSERT_TRUE(process.read_until("0 answers"));
  (void)quit(process);
  EXPECT_LT(std::filesystem::file_size(path), 1000U);
}

TEST_F(LineEditing, an_unknown_terminal_type_is_not_commented_on) {
  for (const char* type : {"no-such-terminal", "dumb", ""}) {
    Launch unknown = chat();
    unknown.environment["TERM"] = type;
    Process process(unknown);
    ASSERT_TRUE(is_ready(process));
    process.type("/usage\r");
    ASSERT_TRUE(process.read_until("0 answers"));
    const std::string shown = quit(process);
    EXPECT_FALSE(holds(shown, "erminal")) << shown;
    EXPECT_FALSE(holds(shown, "terminfo")) << shown;
    if (std::string_view(type) == "dumb") {
      EXPECT_FALSE(holds(shown, "\x1b")) << shown;
    }
  }
}

TEST_F(LineEditing, mistakes_in_the_editors_configuration_print_nothing) {
  (void)file(".editrc", "bind\nbind ^X no-such-command\nsettc co nonsense\n");
  Process process(chat());
  ASSERT_TRUE(is_ready(process));
  process.type("/usage\r");
  ASSERT_TRUE(process.read_until("0 answers"));
  const std::string shown = quit(process);
  EXPECT_TRUE(shown.starts_with("\x1b[?2004h> /usage\r\n")) << shown;
}

TEST_F(LineEditing, a_resized_window_shows_the_line_once) {
  Process process(chat());
  ASSERT_TRUE(is_ready(process));
  process.type("/usage is what I type");
  ASSERT_TRUE(process.read_until("I type"));
  process.resize(24, 60);
  ASSERT_TRUE(process.read_until("\x1b[J> /usage is what I type"));
  process.type("!");
  ASSERT_TRUE(process.read_until("!"));
  process.type("\x15/exit\r");  // Ctrl-U
  const Outcome outcome = process.wait();
  EXPECT_EQ(count(outcome.out + outcome.err, "/usage is what I type"), 2U) << outcome.err;
}

TEST_F(LineEditing, a_search_says_what_it_does) {
  Process process(chat());
  ASSERT_TRUE(is_ready(process));
  process.type("/usage\r");
  ASSERT_TRUE(process.read_until("0 answers"));
  process.type("\x12usa");  // Ctrl-R
  ASSERT_TRUE(process.read_until("search: usa"));
  process.type("\r\r");
  const std::string shown = quit(process);
  EXPECT_FALSE(holds(shown, "bck"));
}

TEST_F(LineEditing, an_emoji_of_several_parts_is_edited_like_other_text) {
  Process process(chat());
  ASSERT_TRUE(is_ready(process));
  const std::string emoji = "\U0001F469\u200D\U0001F467";
  process.type(emoji + "c\x1b[Db");  // left, then a letter
  ASSERT_TRUE(process.read_until("> " + emoji + "bc"));
  process.type("\r");
  ASSERT_TRUE(process.read_until(emoji + "bc [/INST]"));
  (void)quit(process);
}

}  // namespace
}  // namespace rellama::test

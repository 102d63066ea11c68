// --editor: what it is given, what becomes of the text, and who gets Ctrl-C.

#include <signal.h>

#include <filesystem>
#include <thread>

#include "program/config_fixture.hpp"

namespace rellama::test {
namespace {

class Editor : public ConfigFixture {};

TEST_F(Editor, the_prompt_is_edited_in_a_private_file_that_starts_with_the_arguments) {
  const auto script = editor(
      "stat -c %a \"$1\" > ~/mode; stat -c %a \"$(dirname \"$1\")\" >> ~/mode; echo \"$1\" > "
      "~/name; "
      "cat \"$1\" > ~/seen; printf 'edited: ' | cat - ~/seen > \"$1\"; echo noise");
  const Outcome outcome = with(script, {"-e", "-m", kEcho, "first", "words"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "edited: first words\n") << "and what the editor prints goes elsewhere";
  EXPECT_EQ(content_of((home_ / "mode").string()), "600\n700\n");
  EXPECT_EQ(content_of((home_ / "seen").string()), "first words\n");
  std::string name = content_of((home_ / "name").string());
  name.pop_back();
  EXPECT_FALSE(std::filesystem::exists(name)) << name;
}

TEST_F(Editor, visual_overrides_editor_and_both_can_have_arguments) {
  auto variables = editor("echo \"$1\" > \"$2\"");
  variables["VISUAL"] = variables["EDITOR"] + " 'an argument'";
  variables["EDITOR"] = "false";
  EXPECT_EQ(with(variables, {"-e", "-m", kEcho}).out, "an argument\n");
}

TEST_F(Editor, it_uses_the_terminal_when_the_answer_goes_to_a_pipe) {
  Launch piped = launch({"-e", "-m", kEcho});
  piped.environment["EDITOR"] =
      editor("test -t 0 && test -t 1 && echo on the screen; echo hi > \"$1\"")["EDITOR"];
  piped.on_terminal = true;
  piped.pipe_output = true;
  const Outcome outcome = run(piped);
  EXPECT_EQ(outcome.out, "hi\n");
  EXPECT_TRUE(holds(outcome.err, "on the screen"));
}

TEST_F(Editor, errors_are_reported_before_the_editor_opens) {
  configure("templates/x.toml", "prompt = \"{{input}} {{a}}\"\n");
  configure("templates/fixed.toml", "prompt = \"Hello.\"\n");
  const auto script = editor("echo opened > ~/opened");
  EXPECT_TRUE(holds(with(script, {"-e", "-t", "x"}).err, "the parameter 'a' is missing"));
  EXPECT_TRUE(holds(with(script, {"-e", "-t", "fixed"}).err, "does not take input"));
  EXPECT_EQ(content_of((home_ / "opened").string()), "(no such file)");
}

TEST_F(Editor, the_timeout_starts_after_it) {
  const Outcome outcome =
      with(editor("sleep 2.2; echo hi > \"$1\""), {"-e", "--dry-run", "--timeout", "2s"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
}

TEST_F(Editor, without_an_editor_and_a_terminal_it_says_so) {
  const Outcome outcome = shell("setsid -w rellama -e words");
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_TRUE(
      holds(outcome.err, "VISUAL and EDITOR are not set, and vi needs a terminal; set EDITOR"));
}

TEST_F(Editor, anything_but_a_regular_file_is_not_edited) {
  std::filesystem::create_directories(path_of("config.toml"));
  const Outcome outcome = with(editor("echo opened > ~/opened"), {"config", "edit"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_TRUE(holds(outcome.err, "it is not a regular file"));
  EXPECT_EQ(content_of((home_ / "opened").string()), "(no such file)");
}

TEST_F(Editor, an_empty_file_sends_nothing) {
  const Outcome outcome = with(editor(": > \"$1\""), {"-e", "words"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_TRUE(holds(outcome.err, "nothing to ask"));
  EXPECT_TRUE(emulator_->requests().empty());
}

TEST_F(Editor, ctrl_c_in_it_reaches_only_the_editor) {
  // To every process on the terminal, as the terminal itself does.
  const auto script = editor(
      "trap 'echo seen >> ~/seen' INT; kill -INT 0; kill -INT 0; "
      "echo 'top_k = 5' > \"$1\"");
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"-e", "-m", kEcho}, {"config", "edit"}}) {
    Launch interrupted = launch(arguments);
    interrupted.environment["EDITOR"] = script.at("EDITOR");
    interrupted.on_terminal = true;
    const Outcome outcome = run(interrupted);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.out << outcome.err;
  }
  EXPECT_TRUE(content_of((home_ / "seen").string()).starts_with("seen\nseen\n"));
  EXPECT_EQ(content_of(path_of("config.toml")), "top_k = 5\n");
}

TEST_F(Editor, unused_text_is_kept) {
  auto variables = editor("echo long and good > \"$1\"");
  variables["TMPDIR"] = home_.string();
  variables["REPLICATE_API_TOKEN"] = "";
  const Outcome outcome = with(variables, {"-e"});
  EXPECT_EQ(outcome.exit_code, 3);
  const std::string before = "your text is saved in ";
  const auto place = outcome.err.find(before);
  ASSERT_NE(place, std::string::npos) << outcome.err;
  const auto begin = place + before.size();
  const std::string path = outcome.err.substr(begin, outcome.err.find('\n', begin) - begin);
  EXPECT_EQ(content_of(path), "long and good\n");
  EXPECT_EQ(mode_of(path), 0600U);

  variables["EDITOR"] = editor("printf 'caf\\351' > \"$1\"; exit 1")["EDITOR"];
  EXPECT_TRUE(holds(with(variables, {"-e"}).err, before)) << "an editor that failed";
}

TEST_F(Editor, it_does_not_open_for_a_request_that_would_be_rejected) {
  const auto script = editor("echo opened > ~/opened");
  EXPECT_EQ(with(script, {"-e", "--temperature", "9"}).exit_code, 2);
  (void)file("there", "");
  EXPECT_EQ(with(script, {"-e", "-O", (home_ / "there").string()}).exit_code, 2);
  EXPECT_EQ(content_of((home_ / "opened").string()), "(no such file)");
}

TEST_F(Editor, an_editor_that_fails_sends_nothing) {
  for (const char* script : {"exit 1", "kill -KILL $$"}) {
    const Outcome outcome = with(editor(script), {"-e", "words"});
    EXPECT_EQ(outcome.exit_code, 2);
    EXPECT_TRUE(holds(outcome.err, "failed ("));
  }
  EXPECT_TRUE(emulator_->requests().empty());
}

TEST_F(Editor, a_signal_that_ends_rellama_ends_it_too_and_keeps_the_text) {
  for (const bool on_terminal : {true, false}) {
    const auto script =
        editor("echo half a prompt > \"$1\"; echo > ~/ready; exec sleep 1000").at("EDITOR");
    std::filesystem::remove(home_ / "ready");
    Launch edited = launch({"-e", "-m", kEcho, "words"});
    edited.environment["EDITOR"] = script;
    edited.environment["TMPDIR"] = home_.string();
    edited.on_terminal = on_terminal;
    Process process(edited);
    while (!std::filesystem::exists(home_ / "ready")) std::this_thread::yield();
    process.send_signal(SIGTERM);
    const Outcome outcome = process.wait();
    EXPECT_EQ(outcome.exit_code, 143) << outcome.out << outcome.err;
    EXPECT_TRUE(holds(outcome.out + outcome.err, "your text is saved in"));
  }
  EXPECT_TRUE(emulator_->requests().empty());
}

}  // namespace
}  // namespace rellama::test

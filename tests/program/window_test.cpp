// Tables, lists and help in windows of several widths: no word is broken, and nothing that is shown
// has lost its meaning.

#include <sstream>

#include "program/program_test.hpp"
#include "support/expect_error.hpp"
#include "terminal/display_width.hpp"

namespace rellama::test {
namespace {

class Window : public ProgramTest {
 protected:
  /// What a shell script shows in a window of this width, in lines.
  [[nodiscard]] std::vector<std::string> shown(const std::string& script, int columns) const {
    Launch in_window = launch({"-c", "stty columns " + std::to_string(columns) + "; " + script});
    in_window.program = "/bin/bash";
    in_window.on_terminal = true;
    in_window.environment["PATH"] =
        std::filesystem::path(RELLAMA_PROGRAM).parent_path().string() + ":/usr/bin:/bin";
    std::vector<std::string> lines;
    std::istringstream text(run(in_window).err);
    for (std::string line; std::getline(text, line);) {
      if (line.ends_with('\r')) line.pop_back();
      lines.push_back(line);
    }
    return lines;
  }

  /// Fails if the window would break a word of a line. It may break one that is longer than itself.
  void expect_whole_words(const std::string& script, int columns) const {
    const auto lines = shown(script, columns);
    EXPECT_FALSE(lines.empty()) << script;
    for (const std::string& line : lines) {
      const bool is_one_word = line.find(' ', line.find_first_not_of(' ')) == std::string::npos;
      if (is_one_word) continue;
      EXPECT_LE(terminal::display_width(line), static_cast<std::size_t>(columns))
          << script << ": " << line;
    }
  }

  void fill() const {
    const std::string rows = file("rows.txt", "one\ntwo\n");
    const Outcome outcome = shell(
        "cd; rellama -q -s 'Answer briefly' 'Why is the sky blue, and the sunset red?' && "
        "rellama -q -m 13b --session letters 'Write a letter about a long journey' && "
        "rellama -q batch rows.txt -O answers.jsonl && "
        "rellama template save review --description 'Looks for mistakes in a patch' "
        "'Review this: {{input}}' && rellama config set system 'You answer in one sentence'");
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  }
};

TEST_F(Window, breaks_no_word_of_any_help) {
  std::string script;
  for (const char* command : {"",
                              "ask",
                              "chat",
                              "compare",
                              "batch",
                              "batch list",
                              "batch status",
                              "batch delete",
                              "batch merge",
                              "serve",
                              "models",
                              "models list",
                              "models show",
                              "models search",
                              "predictions",
                              "predictions list",
                              "predictions show",
                              "predictions stream",
                              "predictions wait",
                              "predictions cancel",
                              "history",
                              "history list",
                              "history search",
                              "history show",
                              "history export",
                              "history rerun",
                              "history usage",
                              "history delete",
                              "template",
                              "template list",
                              "template show",
                              "template save",
                              "template edit",
                              "template delete",
                              "auth",
                              "auth login",
                              "auth status",
                              "auth logout",
                              "config",
                              "config show",
                              "config get",
                              "config set",
                              "config unset",
                              "config edit",
                              "config path",
                              "doctor",
                              "completion",
                              "emulator",
                              "help",
                              "version"}) {
    script += "rellama " + std::string(command) + " --help all; ";
  }
  expect_whole_words(script, 40);
  for (const int columns : {100, 80, 40}) {
    expect_whole_words("rellama --help; rellama --help all; rellama batch --help", columns);
  }
}

TEST_F(Window, breaks_no_word_of_a_table_or_a_list) {
  fill();
  for (const int columns : {100, 80, 40}) {
    for (const char* command :
         {"history list", "history search letter", "history usage", "history usage --by day",
          "predictions list",
          "predictions show $(rellama predictions list | tail -n 1 | cut -c1-26)", "batch list",
          "models list", "models show 70b", "models show meta/llama-2-7b", "models search llama",
          "template list", "config show", "auth status", "doctor"}) {
      expect_whole_words("rellama " + std::string(command), columns);
    }
    expect_whole_words("printf '/%s\n' help sessions usage | rellama chat -q", columns);
  }
}

TEST_F(Window, of_40_columns_shows_when_and_what_was_asked) {
  fill();
  const auto lines = shown("rellama history list", 40);
  ASSERT_GE(lines.size(), 3U);
  EXPECT_TRUE(lines[0].starts_with("ID  WHEN              FIRST PROMPT")) << lines[0];
  EXPECT_TRUE(holds(lines[2], "  Why is the")) << lines[2];
}

}  // namespace
}  // namespace rellama::test

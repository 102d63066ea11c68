// Help and man pages of all commands, and suggestions for misspelled ones.

#include <algorithm>
#include <fstream>
#include <set>

#include "program/program_test.hpp"
#include "support/expect_error.hpp"

namespace rellama::test {
namespace {

class Commands : public ProgramTest {
 protected:
  // The long option names in a text.
  [[nodiscard]] static std::set<std::string> options_in(const std::string& text) {
    std::set<std::string> options;
    for (auto at = text.find("--"); at != std::string::npos; at = text.find("--", at + 2)) {
      const auto end = text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-", at);
      const std::string name = text.substr(at, end - at);
      if (name.size() > 3 && name[2] != '-') options.insert(name);
    }
    return options;
  }
  [[nodiscard]] static std::string without_marks(std::string roff) {
    for (const char* mark : {"\\fB", "\\fI", "\\fR", "\\"}) {
      for (auto at = roff.find(mark); at != std::string::npos; at = roff.find(mark, at)) {
        roff.erase(at, std::string_view(mark).size());
      }
    }
    return roff;
  }
  [[nodiscard]] std::string page(const std::string& name) const {
    std::ifstream file(home_ / (name + ".1"));
    return {std::istreambuf_iterator<char>(file), {}};
  }
};

TEST_F(Commands, each_has_a_valid_man_page) {
  ASSERT_EQ(rellama({"__man", home_.string()}).exit_code, 0);
  std::set<std::string> pages;
  for (const auto& entry : std::filesystem::directory_iterator(home_)) {
    pages.insert(entry.path().filename().string());
    Launch lint = launch({"mandoc", "-T", "lint", "-W", "warning", entry.path().string()});
    lint.program = "/usr/bin/env";
    lint.environment["PATH"] = std::getenv("PATH");
    EXPECT_EQ(run(lint).out, "");
  }
  EXPECT_TRUE(pages.contains("rellama.1"));
  EXPECT_TRUE(pages.contains("rellama-history.1"));
  EXPECT_TRUE(pages.contains("rellama-help.1"));
  EXPECT_TRUE(pages.contains("rellama-version.1"));
  EXPECT_EQ(pages.size(), 16U);
}

TEST_F(Commands, the_man_pages_list_the_same_options_as_the_help) {
  ASSERT_EQ(rellama({"__man", home_.string()}).exit_code, 0);
  const std::string program = without_marks(page("rellama"));
  for (const std::string& option : options_in(rellama({"--help"}).out)) {
    EXPECT_TRUE(holds(program, option)) << option;
  }
  for (const char* command : {"chat", "compare", "doctor", "emulator"}) {
    const std::string text = without_marks(page("rellama-" + std::string(command)));
    const auto in_help = options_in(rellama({command, "--help"}).out);
    EXPECT_EQ(options_in(text), in_help) << command;
  }
  const std::string history = without_marks(page("rellama-history"));
  for (const char* subcommand : {"list", "search", "show", "export", "rerun", "usage", "delete"}) {
    for (const std::string& option : options_in(rellama({"history", subcommand, "--help"}).out)) {
      EXPECT_TRUE(holds(history, option)) << subcommand << " " << option;
    }
  }
  EXPECT_TRUE(holds(without_marks(page("rellama-template")), "--description"));
}

TEST_F(Commands, a_misspelled_subcommand_or_option_is_refused_with_the_right_one) {
  const auto refusal = [this](std::vector<std::string> arguments) {
    const Outcome outcome = rellama(std::move(arguments));
    EXPECT_EQ(outcome.exit_code, 2) << outcome.err;
    EXPECT_EQ(creates(), 0U);
    return outcome.err;
  };
  EXPECT_TRUE(holds(refusal({"history", "serach"}), "did you mean search?"));
  EXPECT_TRUE(holds(refusal({"models"}), "takes one of: list, show, search"));
  EXPECT_TRUE(holds(refusal({"--temprature", "1", "hi"}), "did you mean --temperature?"));
  EXPECT_TRUE(holds(refusal({"chat", "--sesion=x"}), "did you mean --session?"));
  EXPECT_TRUE(holds(refusal({"history", "list", "--limt", "3"}), "did you mean --limit?"));
  EXPECT_TRUE(holds(refusal({"--zzzzz", "hi"}), "there is no option --zzzzz; see rellama --help"));
}

}  // namespace
}  // namespace rellama::test

// What `--help` shows, and what is said about a command line that cannot be used.

#include <algorithm>
#include <cctype>
#include <sstream>

#include "program/program_test.hpp"
#include "support/expect_error.hpp"
#include "terminal/display_width.hpp"

namespace rellama::test {
namespace {

class Help : public ProgramTest {
 protected:
  static std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
  }
  [[nodiscard]] std::string refusal(const std::vector<std::string>& arguments) const {
    const Outcome outcome = rellama(arguments);
    EXPECT_EQ(outcome.exit_code, 2) << outcome.err;
    EXPECT_EQ(outcome.out, "");
    return outcome.err;
  }
  [[nodiscard]] std::string refusal_with(const std::string& variable,
                                         const std::string& value) const {
    Launch launch = this->launch({"hi"});
    launch.environment[variable] = value;
    const Outcome outcome = run(launch);
    EXPECT_EQ(outcome.exit_code, 2) << outcome.err;
    return outcome.err;
  }
};

const std::vector<std::vector<std::string>> kCommands{{},
                                                      {"ask"},
                                                      {"chat"},
                                                      {"compare"},
                                                      {"batch"},
                                                      {"batch", "merge"},
                                                      {"help"},
                                                      {"version"},
                                                      {"history"},
                                                      {"history", "list"},
                                                      {"history", "show"},
                                                      {"history", "rerun"},
                                                      {"history", "export"},
                                                      {"models"},
                                                      {"models", "list"},
                                                      {"predictions"},
                                                      {"predictions", "stream"},
                                                      {"template"},
                                                      {"template", "save"},
                                                      {"auth"},
                                                      {"auth", "login"},
                                                      {"config"},
                                                      {"config", "show"},
                                                      {"config", "set"},
                                                      {"doctor"},
                                                      {"completion"},
                                                      {"emulator"}};

TEST_F(Help, fits_a_terminal_of_80_columns_without_noise) {
  for (auto command : kCommands) {
    for (const bool all : {false, true}) {
      std::vector<std::string> arguments = command;
      arguments.emplace_back("--help");
      if (all) arguments.emplace_back("all");
      const Outcome outcome = rellama(arguments);
      EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
      const auto lines = lines_of(outcome.out);
      for (const std::string& line : lines) {
        EXPECT_LE(terminal::display_width(line), 80U) << line;
      }
      if (!all) {
        EXPECT_LE(lines.size(), 55U) << outcome.out;
      }
      for (const char* noise : {"[[", "{curl}", "ENUM", "REQUIRED", " TEXT:", " INT", "Excludes"}) {
        const bool is_template = !command.empty() && command[0] == "template";
        if (is_template || (!command.empty() && command[0] == "emulator")) continue;
        EXPECT_FALSE(holds(outcome.out, noise)) << noise << "\n" << outcome.out;
      }
      EXPECT_TRUE(outcome.out.starts_with("Usage: rellama")) << outcome.out;
    }
  }
}

TEST_F(Help, shows_examples_commands_and_the_options_used_most) {
  const std::string help = rellama({"--help"}).out;
  for (const char* part : {"Examples:", "Commands", "  chat ", "-m, --model REF", "--demo",
                           "--help all", "130 SIGINT"}) {
    EXPECT_TRUE(holds(help, part)) << part << "\n" << help;
  }
  EXPECT_FALSE(holds(help, "--cacert"));
}

TEST_F(Help, all_shows_every_option_in_its_group) {
  const std::string help = rellama({"--help", "all"}).out;
  for (const char* part : {"Model:", "Prompt:", "Output:", "Safety:", "Connection:",
                           "--cacert PATH", "--max-tokens"}) {
    EXPECT_TRUE(holds(help, part)) << part;
  }
  EXPECT_EQ(rellama({"--help=all"}).out, help);
  EXPECT_TRUE(holds(rellama({"history", "rerun", "--help", "all"}).out, "--cacert"));
}

TEST_F(Help, a_command_that_can_do_without_subcommands_shows_both_forms) {
  EXPECT_TRUE(rellama({"batch", "--help"})
                  .out.starts_with("Usage: rellama batch [OPTIONS] [FILE]\n"
                                   "       rellama batch COMMAND [OPTIONS] …\n"));
  EXPECT_TRUE(rellama({"models", "--help"})
                  .out.starts_with("Usage: rellama models [OPTIONS] "
                                   "COMMAND\n"));
}

TEST_F(Help, an_exit_code_is_on_the_line_of_its_meaning) {
  for (const std::string& line : lines_of(rellama({"--help"}).out)) {
    EXPECT_FALSE(line.starts_with("  ") && std::isdigit(line.back()) != 0) << line;
  }
}

TEST_F(Help, a_bad_value_names_its_flag_in_our_words) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases{
      {{"--seed", "abc", "hi"}, "--seed abc cannot be used: it takes a whole number"},
      {{"--temperature", "hot", "hi"}, "--temperature hot cannot be used: it takes a number"},
      {{"--retries", "500", "hi"},
       "--retries 500 cannot be used: it takes a whole number, 0 to 100"},
      {{"--timeout", "abc", "hi"}, "--timeout abc cannot be used: \"abc\" is not a duration"},
      {{"--max-download", "lots", "-O", "x", "hi"}, "--max-download lots cannot be used"},
      {{"--color", "blue", "hi"}, "--color blue cannot be used: 'blue' is not one of"},
      {{"--force", "hi"}, "--force works only with --output"},
      {{"--json", "--jsonl", "hi"}, "--jsonl and --json cannot be combined"},
      {{"-m"}, "--model needs a value; write --model REF"},
      {{"history", "show"}, "rellama history show needs ID"},
      {{"history", "show", "1", "2"}, "only one ID can be given"},
      {{"history", "list", "x"}, "unexpected argument 'x'"},
      {{"history", "--json", "list"}, "write it after the subcommand: rellama history list --json"},
      {{"completion"}, "rellama completion needs SHELL"},
      {{"completion", "tcsh"}, "SHELL tcsh cannot be used: 'tcsh' is not one of"},
      {{"emulator", "--port", "x"}, "--port x cannot be used: it takes a whole number, 0 to 65535"},
      {{"--quiet=maybe", "hi"}, "--quiet maybe cannot be used: it is true or false"}};
  for (const auto& [arguments, message] : cases) {
    EXPECT_TRUE(holds(refusal(arguments), message));
  }
  const Outcome set = rellama({"chat", "-q"}, "/set temperature=hot\n");
  EXPECT_TRUE(holds(set.err, "--temperature hot cannot be used: it takes a number")) << set.err;
}

TEST_F(Help, a_bad_value_names_the_variable_or_the_file_it_comes_from) {
  EXPECT_TRUE(holds(refusal_with("RELLAMA_TEMPERATURE", "9"),
                    "temperature 9 is out of range (from RELLAMA_TEMPERATURE)"));
  EXPECT_TRUE(holds(refusal_with("RELLAMA_MODEL", "a/b/c/d"), "(from RELLAMA_MODEL)"));
  EXPECT_TRUE(holds(refusal_with("REPLICATE_BASE_URL", "ftp://x"), "(from REPLICATE_BASE_URL)"));
  EXPECT_TRUE(holds(refusal_with("RELLAMA_ENDPOINT", "nonsense"), "(from RELLAMA_ENDPOINT)"));
  EXPECT_TRUE(holds(refusal({"--top-p", "2", "hi"}), "top_p 2 is out of range: "));
  std::filesystem::create_directories(home_ / ".config/rellama");
  const std::string path = file(".config/rellama/config.toml", "\ntemperature = 9\n");
  EXPECT_TRUE(holds(refusal({"hi"}), "(from " + path + ":2)"));
}

}  // namespace
}  // namespace rellama::test

// The console blocks of README.md and docs/manual.md, run as shown there. CONTRIBUTING.md describes
// the notation.

#include <sys/stat.h>

#include <algorithm>
#include <fstream>
#include <regex>
#include <sstream>

#include "program/program_test.hpp"
#include "support/console_blocks.hpp"

namespace rellama::test {
namespace {

// Not a real one, but of the right length.
const std::string kToken = "r8_" + std::string(37, 'x') + "\n";

const std::string kReadme = std::string(RELLAMA_SOURCE_DIR) + "/README.md";
const std::string kManual = std::string(RELLAMA_SOURCE_DIR) + "/docs/manual.md";

bool runs_rellama(const ConsoleStep& step) {
  static const std::regex word("(^|[^[:alnum:]_.-])rellama([^[:alnum:]_.-]|$)");
  return std::regex_search(step.command, word);
}

bool runs_rellama(const ConsoleBlock& block) {
  return std::any_of(block.steps.begin(), block.steps.end(),
                     [](const ConsoleStep& step) { return runs_rellama(step); });
}

std::vector<ConsoleBlock> blocks_that_run_rellama(const std::string& page) {
  std::vector<ConsoleBlock> blocks = console_blocks(page);
  std::erase_if(blocks, [](const ConsoleBlock& block) { return !runs_rellama(block); });
  return blocks;
}

void replace_all(std::string& text, const std::string& old, const std::string& with) {
  for (std::size_t at = 0; (at = text.find(old, at)) != std::string::npos; at += with.size()) {
    text.replace(at, old.size(), with);
  }
}

/// A user with a stored token and a few files, in a git repository with changes.
class ReadmeUser : public ProgramTest {
 protected:
  ReadmeUser() {
    for (const char* folder :
         {"bin", ".config/rellama", ".config/fish/completions", "project/build/release/src"}) {
      std::filesystem::create_directories(home_ / folder);
    }
    ::chmod(file(".config/rellama/token", kToken).c_str(), 0600);
    ::chmod(file("bin/less", "#!/bin/sh\nexec cat\n").c_str(), 0700);
    (void)file("project/question.txt", "Why is the sky blue?\n");
    (void)file("project/error.log", "error: no such file\n");
    (void)file("project/persona.txt", "You are a llama.\n");
    (void)file("project/notes.txt", "Buy hay for the llamas.\n");
    (void)file("project/lines.txt", "Good morning!\nGood night!\n");
    (void)file("project/topics.txt", "rivers\nmountains\n");
    std::filesystem::create_symlink(RELLAMA_PROGRAM, home_ / "project/build/release/src/rellama");
  }

  /// What each step prints on stdout and stderr, and its exit status in the last line.
  std::vector<std::string> run_steps(const std::vector<ConsoleStep>& steps) {
    Launch bash = launch({});
    bash.program = "/bin/bash";
    bash.environment.erase("REPLICATE_API_TOKEN");
    bash.environment["PATH"] = (home_ / "bin").string() + ":" +
                               std::filesystem::path(RELLAMA_PROGRAM).parent_path().string() +
                               ":/usr/bin:/bin";
    bash.environment["question"] = "What is a llama?";
    std::string script =
        "exec 2>&1; trap 'kill $(jobs -p) 2>/dev/null' EXIT; cd ~/project; set -e\n"
        "git init -q; git add notes.txt; echo more >> notes.txt\n"
        "id=$(rellama -n --json -m rellama-demo/painter 'a llama' | jq -r .id)\n"
        "set +e -o pipefail\n";
    std::string port;  // the one that the page gives an emulator
    for (const ConsoleStep& step : steps) {
      std::string command = step.command;
      if (!port.empty()) replace_all(command, port, "$port");
      script += "printf '\\036'\n";
      if (command.ends_with(" &")) {
        script += in_background(command.substr(0, command.size() - 2), port);
      } else {
        script += "{\n" + command + "\n} " + typed_by_user(step);
      }
      script += "printf '\\n%d\\n' $?\n";
    }
    bash.arguments = {"-c", script};

    std::vector<std::string> outputs;
    std::string out = run(bash).out;
    replace_all(out, home_.string(), "/home/ann");
    replace_all(out, emulator_->base_url(), "https://api.replicate.com/v1");
    for (std::size_t at = 0, end = 0; (at = out.find('\036', at)) != std::string::npos; at = end) {
      end = out.find('\036', ++at);
      outputs.push_back(out.substr(at, end - at));
    }
    return outputs;
  }

 private:
  /// Starts an emulator on a free port, kept in `$port`, and waits until it says where it is.
  static std::string in_background(std::string command, std::string& port) {
    static const std::regex option("--port ([0-9]+)");
    std::smatch match;
    if (std::regex_search(command, match, option)) port = match[1];
    replace_all(command, "--port " + port, "--port 0");
    return "mkfifo ~/started; " + command +
           " > ~/started 2>&1 &\n"
           "exec 9< ~/started; IFS= read -r line <&9\n"
           "port=$(grep -oE '[0-9]{4,5}' <<<\"$line\"); echo \"${line/$port/" +
           port + "}\"\n";
  }

  static std::string typed_by_user(const ConsoleStep& step) {
    std::string typed;
    for (const std::string& line : step.typed) typed += line + "\n";
    if (step.command == "rellama auth login") typed = kToken;  // a page does not show it
    return typed.empty() ? "</dev/null\n" : "<<'TYPED'\n" + typed + "TYPED\n";
  }
};

class EachBlock : public ReadmeUser, public testing::WithParamInterface<ConsoleBlock> {};

TEST_P(EachBlock, does_what_the_page_shows) {
  const std::vector<ConsoleStep>& steps = GetParam().steps;
  const std::vector<std::string> outputs = run_steps(steps);
  ASSERT_EQ(outputs.size(), steps.size());
  for (std::size_t i = 0; i < steps.size(); ++i) {
    std::vector<std::string> lines = significant_lines(outputs[i]);
    ASSERT_FALSE(lines.empty()) << steps[i].command;
    const std::string status = lines.back();
    lines.pop_back();
    if (steps[i].output.empty()) {
      EXPECT_EQ(status, "0") << "$ " << steps[i].command << "\n" << outputs[i];
      continue;
    }
    std::string page;
    for (const std::string& line : steps[i].output) page += line + "\n";
    EXPECT_TRUE(output_matches(significant_lines(page), lines))
        << "$ " << steps[i].command << "\nthe page shows\n"
        << page << "but it printed\n"
        << outputs[i];
  }
}

const auto name_of_block = [](const auto& instance) { return instance.param.name; };
INSTANTIATE_TEST_SUITE_P(Readme, EachBlock, testing::ValuesIn(blocks_that_run_rellama(kReadme)),
                         name_of_block);
INSTANTIATE_TEST_SUITE_P(Manual, EachBlock, testing::ValuesIn(blocks_that_run_rellama(kManual)),
                         name_of_block);

TEST(Readme, leaves_only_scripts_and_the_installation_untested) {
  const std::vector<std::string> others{"./script/", "bench/run", "sudo cmake --install ",
                                        "tar xzf rellama-"};
  for (const std::string& file : {kReadme, kManual}) {
    EXPECT_FALSE(blocks_that_run_rellama(file).empty());
    std::stringstream page;
    page << std::ifstream(file).rdbuf();
    EXPECT_EQ(page.str().find("```sh"), std::string::npos) << "use a console block";
    EXPECT_EQ(page.str().find("```bash"), std::string::npos) << "use a console block";
    for (const ConsoleBlock& block : console_blocks(file)) {
      if (runs_rellama(block)) continue;
      for (const ConsoleStep& step : block.steps) {
        EXPECT_TRUE(std::any_of(others.begin(), others.end(), [&](const std::string& prefix) {
          return step.command.starts_with(prefix);
        })) << step.command;
      }
    }
  }
}

TEST(Readme, output_that_differs_from_the_page_is_noticed) {
  const std::vector<std::string> shown{"wrote … (12 bytes)", "…", "done"};
  using Lines = std::vector<std::string>;
  EXPECT_TRUE(output_matches(shown, Lines{"wrote a (12 bytes)", "done"}));
  EXPECT_TRUE(output_matches(shown, Lines{"wrote b c (12 bytes)", "more", "even more", "done"}));
  EXPECT_FALSE(output_matches(shown, Lines{"wrote a (13 bytes)", "done"}));
  EXPECT_FALSE(output_matches(shown, Lines{"wrote a (12 bytes)", "more"}));
  EXPECT_FALSE(output_matches(shown, Lines{"wrote a (12 bytes)"}));
  EXPECT_FALSE(output_matches(shown, Lines{"rellama: wrote a (12 bytes)", "done"}));
}

}  // namespace

// How gtest prints the parameter of a failed test.
void PrintTo(const ConsoleBlock& block, std::ostream* out) {
  *out << block.name;
}

}  // namespace rellama::test

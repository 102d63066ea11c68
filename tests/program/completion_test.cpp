// Shell completion, through the program and in the shells themselves.

#include "program/config_fixture.hpp"
#include "support/expect_error.hpp"

namespace rellama::test {
namespace {

class Completion : public ConfigFixture {
 protected:
  // The completions for the words after `rellama`, the last of which is incomplete.
  [[nodiscard]] std::string lines(std::vector<std::string> words) const {
    words.insert(words.begin(), {"__complete", "--"});
    const Outcome outcome = rellama(std::move(words));
    EXPECT_EQ(outcome.exit_code, 0);
    EXPECT_EQ(outcome.err, "");
    EXPECT_TRUE(emulator_->requests().empty());
    return "\n" + outcome.out;
  }
  // The same without descriptions.
  [[nodiscard]] std::vector<std::string> words(std::vector<std::string> typed) const {
    std::vector<std::string> found;
    const std::string all = lines(std::move(typed));
    for (std::size_t begin = 1; begin < all.size();) {
      const auto end = all.find('\n', begin);
      const std::string line = all.substr(begin, end - begin);
      found.push_back(line.substr(0, line.find('\t')));
      begin = end + 1;
    }
    return found;
  }
  [[nodiscard]] bool offers(std::vector<std::string> typed, const std::string& word) const {
    const auto found = words(std::move(typed));
    return std::find(found.begin(), found.end(), word) != found.end();
  }
  // Runs a script in a shell that has a clean home and finds rellama.
  [[nodiscard]] Outcome in(const std::string& shell, std::vector<std::string> arguments) const {
    Launch launch = this->launch(std::move(arguments));
    launch.arguments.insert(launch.arguments.begin(), shell);
    launch.program = "/usr/bin/env";
    launch.environment["PATH"] =
        std::filesystem::path(RELLAMA_PROGRAM).parent_path().string() + ":" + std::getenv("PATH");
    return run(launch);
  }
};

using Words = std::vector<std::string>;

TEST_F(Completion, commands_and_subcommands_are_completed) {
  EXPECT_EQ(words({"mo"}), Words{"models"});
  EXPECT_EQ(words({"models", "s"}), (Words{"show", "search"}));
  EXPECT_EQ(words({"template", "d"}), Words{"delete"});
  EXPECT_TRUE(holds(lines({""}), "\nhistory\tsearch, show"));
  EXPECT_FALSE(holds(lines({""}), "__complete"));
}

TEST_F(Completion, commands_are_completed_after_options_and_after_help) {
  EXPECT_EQ(words({"-m", "7b", "mo"}), Words{"models"});
  EXPECT_EQ(words({"-q", "history", "sea"}), Words{"search"});
  EXPECT_EQ(words({"--demo", "chat", "--max-pre"}), Words{"--max-predictions"});
  EXPECT_FALSE(offers({"-m", "mo"}, "models")) << "a value";
  EXPECT_TRUE(words({"--", "mo"}).empty()) << "a prompt";
  EXPECT_EQ(words({"help", "mo"}), Words{"models"});
  EXPECT_EQ(words({"hel"}), Words{"help"});
  EXPECT_EQ(words({"ver"}), Words{"version"});
}

TEST_F(Completion, options_of_the_current_command_are_completed) {
  EXPECT_EQ(words({"--temper"}), Words{"--temperature"});
  EXPECT_EQ(words({"compare", "--swe"}), Words{"--sweep"});
  EXPECT_EQ(words({"history", "list", "--li"}), Words{"--limit"});
  EXPECT_EQ(words({"template", "save", "--descr"}), Words{"--description"});
  EXPECT_TRUE(words({"doctor", "--temper"}).empty());
  EXPECT_TRUE(offers({"-"}, "-m"));
  EXPECT_TRUE(words({"--token-com"}).empty()) << "it is no flag";
}

TEST_F(Completion, used_or_excluded_options_are_not_offered) {
  EXPECT_TRUE(words({"--seed", "1", "--see"}).empty());
  EXPECT_TRUE(words({"--seed=1", "--see"}).empty());
  EXPECT_TRUE(words({"--json", "--jsonl"}).empty());
  EXPECT_EQ(words({"--stop", "a", "--sto"}), Words{"--stop"}) << "it is repeatable";
}

TEST_F(Completion, values_are_completed) {
  EXPECT_TRUE(offers({"-m", "13"}, "13b"));
  EXPECT_TRUE(offers({"--model=13"}, "--model=13b"));
  EXPECT_TRUE(offers({"models", "show", "meta/"}, "meta/llama-2-7b-chat"));
  EXPECT_EQ(words({"--color", ""}), (Words{"always", "auto", "never"}));
  EXPECT_EQ(words({"--color=n"}), Words{"--color=never"});
  EXPECT_EQ(words({"completion", ""}), (Words{"bash", "fish", "zsh"}));
  for (const char* option : {"-f", "--token-file", "-O", "--log-file", "--cacert"}) {
    EXPECT_EQ(words({option, ""}), Words{":files"}) << option;
  }
  EXPECT_TRUE(words({"--temperature", ""}).empty());
  const std::string path = file("persona.txt", "Be brief.\n");
  EXPECT_EQ(words({"-s", "@" + path.substr(0, path.size() - 4)}), Words{"@" + path});
  EXPECT_EQ(words({"--system=@" + path}), Words{"--system=@" + path});
}

TEST_F(Completion, the_users_templates_profiles_and_conversations_are_completed) {
  configure("templates/haiku.toml", "description = \"a poem\"\nprompt = \"{{input}}\"\n");
  configure("[profile.work]\n");
  (void)rellama({"-m", kEcho, "--session", "birds", "Tell me of owls."});
  start_emulator({});
  EXPECT_TRUE(holds(lines({"-t", "h"}), "\nhaiku\ta poem\n"));
  EXPECT_TRUE(offers({"template", "edit", ""}, "haiku"));
  configure("templates/broken.toml", "prompt = ");
  EXPECT_TRUE(offers({"template", "edit", ""}, "broken")) << "it may be about to be mended";
  EXPECT_TRUE(offers({"template", "edit", ""}, "haiku"));
  EXPECT_EQ(words({"--profile", ""}), Words{"work"});
  EXPECT_TRUE(holds(lines({"chat", "--session", ""}), "\nbirds\tTell me of owls.\n"));
  EXPECT_EQ(words({"history", "show", ""}), Words{"1"});
}

TEST_F(Completion, a_prompt_is_not_completed) {
  EXPECT_TRUE(words({"Why", ""}).empty());
  EXPECT_TRUE(words({"--", "--te"}).empty());
  EXPECT_EQ(words({"Why", "--temper"}), Words{"--temperature"});
}

TEST_F(Completion, errors_are_not_shown) {
  configure("this is not TOML [");
  for (const Words& typed : {Words{"--profile", ""}, Words{"-t", ""}, Words{"history", "show", ""},
                             Words{"no", "such", "-"}, Words{"history", "nothing", "-"}, Words{}}) {
    (void)lines(typed);
  }
}

TEST_F(Completion, works_in_bash) {
  const auto reply = [this](const std::string& line) {
    const std::string script = "source <(rellama completion bash); COMP_LINE='" + line +
                               "'; COMP_POINT=${#COMP_LINE}; " +
                               "_rellama; printf '%s\\n' \"${COMPREPLY[@]}\"";
    const Outcome outcome = in("bash", {"--norc", "-c", script});
    EXPECT_EQ(outcome.err, "") << line;
    return outcome.out;
  };
  EXPECT_EQ(reply("rellama mo"), "models\n");
  EXPECT_EQ(reply("rellama models "), "list\nshow\nsearch\n");
  EXPECT_EQ(reply("rellama --color="), "always\nauto\nnever\n") << "the part behind '=' only";
  EXPECT_EQ(reply("rellama chat --temper"), "--temperature\n");
  EXPECT_TRUE(holds(reply("rellama -m 13"), "13b\n"));
  EXPECT_EQ(reply("rellama Why -- "), "\n");
  const Outcome order = in("bash", {"--norc", "-c",
                                    "source <(rellama completion bash); compopt() { echo $*; }; "
                                    "COMP_LINE='rellama mo'; COMP_POINT=10; _rellama"});
  EXPECT_EQ(order.out, "-o nosort\n") << "conversations come newest first";
}

TEST_F(Completion, works_in_zsh) {
  // Print the matches instead of adding them: the widget itself needs a terminal.
  const auto reply = [this](const std::string& words, int current) {
    const std::string script =
        "compdef() { : }; compset() { : }; _files() { print files }; "
        "compadd() { [[ $1 == -V ]] || print sorted; while [[ $1 != -a ]]; do shift; done; print "
        "-l -- \"${(@P)2}\" }; "
        "source <(rellama completion zsh); words=(" +
        words + "); CURRENT=" + std::to_string(current) + "; _rellama";
    const Outcome outcome = in("zsh", {"-f", "-c", script});
    EXPECT_EQ(outcome.err, "") << words;
    return outcome.out;
  };
  EXPECT_EQ(reply("rellama mo", 2), "models\n");
  EXPECT_EQ(reply("rellama models ''", 3), "list\nshow\nsearch\n");
  EXPECT_EQ(reply("rellama --color=", 2), "--color=always\n--color=auto\n--color=never\n");
  EXPECT_EQ(reply("rellama -f ''", 3), "files\n");
  EXPECT_EQ(reply("rellama Why -- ''", 4), "");
}

TEST_F(Completion, works_in_fish) {
  const auto reply = [this](const std::string& line) {
    const Outcome outcome =
        in("fish",
           {"--no-config", "-c", "rellama completion fish | source; complete -C '" + line + "'"});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    return "\n" + outcome.out;
  };
  EXPECT_TRUE(holds(reply("rellama mo"), "\nmodels\tlist, show"));
  EXPECT_TRUE(holds(reply("rellama models "), "\nshow\t"));
  EXPECT_TRUE(holds(reply("rellama --color="), "\n--color=never\n"));
  EXPECT_TRUE(holds(reply("rellama -m 13"), "\n13b\t"));
  for (const char* prompt : {"one", "two"}) (void)rellama({"-m", kEcho, prompt});
  EXPECT_TRUE(holds(reply("rellama history show "), "\n2\ttwo\n1\tone\n")) << "the newest first";
  (void)file("poem.txt", "x");
  EXPECT_TRUE(holds(reply("rellama -f " + home_.string() + "/po"), "poem.txt"));
}

}  // namespace
}  // namespace rellama::test

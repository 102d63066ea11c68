// Which words on the command line are commands, and which are prompts, which are billed.

#include "program/program_test.hpp"
#include "support/expect_error.hpp"

namespace rellama::test {
namespace {

using Words = std::vector<std::string>;

class CommandWords : public ProgramTest {
 protected:
  // What is said about arguments that must not be sent.
  [[nodiscard]] std::string refusal(const Words& arguments) const {
    const Outcome outcome = rellama(arguments);
    EXPECT_EQ(outcome.exit_code, 2) << arguments.front() << ": " << outcome.err;
    EXPECT_EQ(creates(), 0U) << arguments.front();
    return outcome.err;
  }
};

TEST_F(CommandWords, help_explains_a_command_as_its_own_option_does) {
  EXPECT_EQ(rellama({"help"}).out, rellama({"--help"}).out);
  EXPECT_EQ(rellama({"help", "chat"}).out, rellama({"chat", "--help"}).out);
  EXPECT_EQ(rellama({"help", "history", "list"}).out, rellama({"history", "list", "--help"}).out);
  EXPECT_TRUE(holds(rellama({"help", "help"}).out, "Usage: rellama help"));
  EXPECT_TRUE(holds(refusal({"help", "histroy"}), "did you mean history?"));
  EXPECT_TRUE(holds(refusal({"help", "login"}), "did you mean auth login?"));
  EXPECT_TRUE(holds(refusal({"help", "history", "nothing"}), "no rellama history nothing"));
  EXPECT_TRUE(holds(refusal({"help", "me", "write"}), "(as a prompt: rellama -- help me write)"));
}

TEST_F(CommandWords, version_prints_the_version) {
  EXPECT_EQ(rellama({"version"}).out, rellama({"--version"}).out);
  EXPECT_EQ(rellama({"version"}).exit_code, 0);
  EXPECT_TRUE(holds(refusal({"version", "of", "it"}), "rellama -- version of it"));
}

TEST_F(CommandWords, words_of_other_programs_are_refused_with_the_command_that_was_meant) {
  const std::vector<std::pair<Words, std::string>> meant{
      {{"login"}, "auth login"},
      {{"logout"}, "auth logout"},
      {{"list"}, "models list or history list"},
      {{"ls"}, "models list or history list"},
      {{"model"}, "models list"},
      {{"model", "list"}, "models list"},
      {{"model", "show", "70b"}, "models show"},
      {{"prediction", "list"}, "predictions list"},
      {{"templates"}, "template list"},
      {{"completions", "bash"}, "completion bash"},
      {{"list", "models"}, "models list"},
      {{"log", "in"}, "auth login"},
      {{"whoami"}, "auth status"},
      {{"LOGIN"}, "auth login"},
      {{"Models", "List"}, "models list"},
  };
  for (const auto& [words, command] : meant) {
    EXPECT_TRUE(holds(refusal(words), "did you mean " + command + "?")) << command;
  }
}

TEST_F(CommandWords, a_misspelled_command_is_refused_also_in_a_script) {
  EXPECT_TRUE(holds(refusal({"modles", "list"}),
                    "did you mean models list? (as a prompt: rellama -- modles list)"));
  EXPECT_TRUE(holds(refusal({"histroy"}), "did you mean history?"));
  EXPECT_TRUE(holds(refusal({"histroy", "search", "x"}), "did you mean history search?"));
  EXPECT_TRUE(holds(refusal({"modles", "lsit"}), "did you mean models list?"));
  EXPECT_TRUE(holds(refusal({"chta", "-m", "7b"}), "did you mean chat?"));
  EXPECT_TRUE(holds(refusal({"-m", "7b", "chta"}), "did you mean chat?"));
  EXPECT_TRUE(holds(refusal({"hlep", "chat"}), "did you mean help chat?"));
  EXPECT_TRUE(holds(refusal({"verison"}), "did you mean version?"));
  EXPECT_TRUE(holds(refusal({"lgoin"}), "did you mean auth login?"));
  EXPECT_TRUE(holds(refusal({"prediciton", "list"}), "did you mean predictions list?"));
  EXPECT_TRUE(holds(refusal({"modle", "list"}), "did you mean models list?"));
  EXPECT_EQ(rellama({"histroy", "-"}, "some text").exit_code, 2);
  EXPECT_EQ(rellama({"histroy"}, "some text").exit_code, 2);

  Launch alone = launch({"chta"});
  alone.on_terminal = true;
  const Outcome outcome = run(alone);
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_TRUE(holds(outcome.err, "did you mean chat?")) << outcome.err;
  EXPECT_EQ(creates(), 0U);
}

TEST_F(CommandWords, a_token_given_as_a_word_is_neither_sent_nor_repeated) {
  for (const Words& words : {Words{"login", "r8_secret"}, Words{"auth", "login", "r8_secret"}}) {
    const std::string message = refusal(words);
    EXPECT_FALSE(holds(message, "r8_secret")) << message;
    EXPECT_TRUE(holds(message, "auth login")) << message;
  }
}

TEST_F(CommandWords, after_an_option_that_does_not_exist_the_option_is_named) {
  EXPECT_TRUE(holds(refusal({"--nosuch", "chat"}), "there is no option --nosuch"));
}

TEST_F(CommandWords, text_that_only_resembles_a_command_is_a_prompt) {
  const std::vector<Words> prompts{{"what"},
                                   {"that"},
                                   {"story"},
                                   {"auto"},
                                   {"chart"},
                                   {"cat"},
                                   {"model", "railways"},
                                   {"chart", "music"},
                                   {"list", "three", "colors"},
                                   {"show", "me"},
                                   {"model", "show", "case", "ideas"},
                                   {"histories of Rome"},
                                   {"model list"}};
  for (const Words& words : prompts) {
    Launch asks = launch({"-m", kEcho});
    asks.arguments.insert(asks.arguments.end(), words.begin(), words.end());
    asks.on_terminal = true;
    EXPECT_EQ(run(asks).exit_code, 0) << words.front();
  }
  EXPECT_EQ(creates(), prompts.size());
}

TEST_F(CommandWords, the_input_of_a_template_or_next_to_a_file_is_no_command) {
  const std::string path = file("notes.txt", "notes\n");
  EXPECT_EQ(rellama({"-m", kEcho, "-t", "summarise", "login"}).exit_code, 0);
  EXPECT_EQ(rellama({"-m", kEcho, "-f", path, "list"}).exit_code, 0);
  EXPECT_EQ(creates(), 2U);
}

TEST_F(CommandWords, everything_after_two_dashes_is_a_prompt) {
  for (const Words& words : {Words{"help"}, Words{"modles", "list"}, Words{"login"}}) {
    Words arguments{"-m", kEcho, "--"};
    arguments.insert(arguments.end(), words.begin(), words.end());
    EXPECT_EQ(rellama(arguments).exit_code, 0) << words.front();
  }
  EXPECT_EQ(last_create()["input"]["prompt"], "login");
  EXPECT_EQ(creates(), 3U);
}

TEST_F(CommandWords, options_may_come_before_a_command) {
  const Outcome chat = rellama({"-qm", kEcho, "chat"}, "Hello\n");
  EXPECT_EQ(chat.exit_code, 0);
  EXPECT_EQ(chat.err, "");
  EXPECT_EQ(chat.out, rellama({"chat", "-q", "-m", kEcho}, "Hello\n").out);
  EXPECT_TRUE(holds(rellama({"--demo", "chat"}, "Hello\n").err, "demo: this answer is canned"));
  EXPECT_EQ(rellama({"-q", "history", "list"}).out, rellama({"history", "list"}).out);
  EXPECT_EQ(rellama({"--help", "chat"}).out, rellama({"chat", "--help"}).out);
  EXPECT_EQ(rellama({"--json", "models", "list"}).out, rellama({"models", "list", "--json"}).out);
  const std::size_t before = creates();
  const Outcome wrong = rellama({"--top-k", "3", "history", "list"});
  EXPECT_EQ(wrong.exit_code, 2);
  EXPECT_TRUE(holds(wrong.err, "rellama history list has no option --top-k")) << wrong.err;
  EXPECT_EQ(creates(), before);
}

TEST_F(CommandWords, quiet_before_a_command_hides_what_it_says_unless_it_fails) {
  EXPECT_EQ(rellama({"-q", "auth", "login"}, "r8_quiet\n").err, "");
  EXPECT_NE(rellama({"-q", "history", "show", "99"}).err, "");
}

TEST_F(CommandWords, a_dash_pasted_from_a_web_page_is_refused_with_the_right_spelling) {
  EXPECT_TRUE(holds(refusal({"–temperature", "0.5", "hi"}), "write --temperature, or put"));
  EXPECT_TRUE(holds(refusal({"—json", "hi"}), "write --json, or put"));
  EXPECT_TRUE(holds(refusal({"hi", "−m", "7b"}), "write -m, or put"));
  EXPECT_TRUE(holds(refusal({"–-top_p=0.5", "hi"}), "write --top_p=0.5, or put"));
  EXPECT_TRUE(holds(refusal({"-—json", "hi"}), "write --json, or put"));
  EXPECT_TRUE(holds(refusal({"chat", "—demo"}), "write --demo"));
  EXPECT_TRUE(holds(refusal({"history", "list", "—json"}), "write --json"));
  EXPECT_TRUE(holds(refusal({"models", "show", "—refresh"}), "write --refresh"));
  for (const Words& prompt : {Words{"– what is this dash?"}, Words{"—"}, Words{"–5", "degrees"}}) {
    Words arguments{"-m", kEcho};
    arguments.insert(arguments.end(), prompt.begin(), prompt.end());
    EXPECT_EQ(rellama(arguments).exit_code, 0) << prompt.front();
  }
}

TEST_F(CommandWords, a_sentence_that_begins_with_a_dash_is_named_as_a_whole) {
  EXPECT_TRUE(holds(refusal({"-x is what?"}),
                    "there is no option '-x is what?'; see rellama --help all, or put the "
                    "prompt after --"));
  EXPECT_TRUE(holds(refusal({"--what is that"}), "there is no option '--what is that'"));
}

TEST_F(CommandWords, a_value_that_is_missing_after_an_equals_sign_is_not_the_next_word) {
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"-n", "--seed=", "5", "Hi"},
        {"-n", "--top_k=", "5", "Hi"},
        {"compare", "-m", "7b", "--model=", "13b", "Hi"},
        {"predictions", "list", "--limit=", "5"}}) {
    const Outcome outcome = rellama(arguments);
    EXPECT_EQ(outcome.exit_code, 2) << outcome.out;
    EXPECT_TRUE(holds(outcome.err, "= has no value")) << outcome.err;
  }
}

}  // namespace
}  // namespace rellama::test

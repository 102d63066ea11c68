// Text from elsewhere: standard input, files, scripts and pastes as other programs write them.

#include "program/program_test.hpp"
#include "support/expect_error.hpp"

namespace rellama::test {
namespace {

constexpr const char* kMark = "\xEF\xBB\xBF";  // byte order mark

class TextSources : public ProgramTest {
 protected:
  [[nodiscard]] std::string last_prompt() const {
    return last_create()["input"]["prompt"].get<std::string>();
  }
  // What the model gets as the system prompt, with the arguments and standard input.
  [[nodiscard]] nlohmann::json input_for(std::vector<std::string> arguments,
                                         const std::string& input) const {
    const Outcome outcome = rellama(std::move(arguments), input);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    return last_create()["input"];
  }
};

TEST_F(TextSources, a_prompt_from_windows_is_sent_without_its_marks) {
  (void)rellama({"-m", kEcho}, kMark + std::string("one\r\ntwo\r\n"));
  EXPECT_EQ(last_prompt(), "one\ntwo");
  const std::string path = file("notes.txt", kMark + std::string("a\r\n\r\nb\r\n"));
  (void)rellama({"-m", kEcho, "-f", path, "Go"});
  EXPECT_EQ(last_prompt(), "a\n\nb\n\nGo");
  (void)rellama({"-m", kEcho, "before", "-", "after"}, kMark + std::string("x\r\n"));
  EXPECT_EQ(last_prompt(), "before\n\nx\n\nafter");
}

TEST_F(TextSources, files_of_option_values_lose_their_marks_too) {
  const std::string system = file("system.txt", kMark + std::string("Be\r\nbrief."));
  EXPECT_EQ(input_for({"-s", "@" + system, "hi"}, "")["system_prompt"], "Be\nbrief.");
  const std::string form = file("form.txt", kMark + std::string("{prompt}\r\n!"));
  EXPECT_EQ(input_for({"-m", kEcho, "-o", "prompt_template=@" + form, "hi"}, "")["prompt_template"],
            "{prompt}\n!");
}

TEST_F(TextSources, a_script_from_windows_runs_as_any_other) {
  const Outcome outcome = rellama({"chat", "-q"}, kMark + std::string("/set temperature=0.2\r\n"
                                                                      "\"\"\"\r\none\r\ntwo\r\n"
                                                                      "\"\"\"\r\n"));
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(creates(), 1U);
  EXPECT_EQ(last_create()["input"]["temperature"], 0.2);
  EXPECT_TRUE(holds(last_prompt(), "one\ntwo"));
}

TEST_F(TextSources, configuration_and_templates_from_windows_are_read) {
  std::filesystem::create_directories(home_ / ".config/rellama/templates");
  (void)file(".config/rellama/config.toml", kMark + std::string("model = \"13b\"\r\n"));
  (void)file(".config/rellama/templates/w.toml",
             kMark + std::string("prompt = \"\"\"\r\nSay:\r\n{{input}}\"\"\"\r\n"));
  (void)file(".config/rellama/models.json",
             kMark + std::string("{\r\n\"format\": \"rellama.catalogue/1\"}\r\n"));
  (void)rellama({"-t", "w", "hi"});
  EXPECT_EQ(last_prompt(), "Say:\nhi");
  EXPECT_EQ(count_requests("POST", "llama-2-13b-chat/predictions"), 1U);
}

TEST_F(TextSources, a_token_file_from_windows_is_used) {
  const std::string path = file("token", kMark + std::string("REPLICATE_API_TOKEN=\"r8_x\"\r\n"));
  std::filesystem::permissions(path, std::filesystem::perms::owner_read);
  Launch asks = launch({"--token-file", path, "hi"});
  asks.environment.erase("REPLICATE_API_TOKEN");
  EXPECT_EQ(run(asks).exit_code, 0);
}

TEST_F(TextSources, text_in_utf_16_is_refused_with_the_command_that_converts_it) {
  const Outcome outcome = rellama({"-m", kEcho}, std::string("\xFF\xFEh\0i\0", 6));
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_TRUE(holds(outcome.err, "it is UTF-16; convert it first: iconv -f UTF-16 -t UTF-8"));
  EXPECT_EQ(creates(), 0U);
}

TEST_F(TextSources, a_dash_as_a_file_is_standard_input) {
  const std::string path = file("a.txt", "file\n");
  (void)rellama({"-m", kEcho, "-f", path, "-f", "-", "words"}, "piped\n");
  EXPECT_EQ(last_prompt(), "file\n\npiped\n\nwords");
  (void)rellama({"-m", kEcho, "-f", "-", "-f", path}, "piped\n");
  EXPECT_EQ(last_prompt(), "piped\n\nfile");
}

TEST_F(TextSources, a_value_may_come_from_standard_input) {
  EXPECT_EQ(input_for({"-s", "@-", "hi"}, "Be brief.\n")["system_prompt"], "Be brief.");
  EXPECT_TRUE(holds(last_prompt(), "hi"));
  EXPECT_FALSE(holds(last_prompt(), "brief"));
  EXPECT_EQ(input_for({"-s", "@-", "hi"}, "@home\n")["system_prompt"], "@home");
  EXPECT_EQ(
      input_for({"-m", kEcho, "-o", "prompt_template=@-", "hi"}, "{prompt}!\n")["prompt_template"],
      "{prompt}!");
  EXPECT_EQ(input_for({"-m", kEcho, "-t", "translate", "-p", "to=@-", "hi"}, "Dutch\n")["prompt"],
            input_for({"-m", kEcho, "-t", "translate", "-p", "to=Dutch", "hi"}, "")["prompt"]);
}

TEST_F(TextSources, standard_input_cannot_be_in_two_places) {
  for (const std::vector<std::string>& arguments :
       std::vector<std::vector<std::string>>{{"-f", "-", "-"},
                                             {"-f", "-", "-f", "-"},
                                             {"-s", "@-", "-f", "-"},
                                             {"-s", "@-", "x", "-"},
                                             {"-s", "@-", "-o", "other=@-", "x"},
                                             {"-f", "-", "--no-stdin", "x"},
                                             {"-s", "@-", "--no-stdin", "x"},
                                             {"-s", "@-"},
                                             {"chat", "-s", "@-", "x"}}) {
    const Outcome outcome = rellama(arguments, "text\n");
    EXPECT_EQ(outcome.exit_code, 2) << arguments.front() << outcome.err;
  }
  EXPECT_EQ(creates(), 0U);
}

TEST_F(TextSources, extracting_prints_code_or_nothing) {
  const Outcome found = rellama({"-m", kEcho, "-x", "Here it is: ```sh\nls -l\n```\nEnjoy!"});
  EXPECT_EQ(found.exit_code, 0) << found.err;
  EXPECT_EQ(found.out, "ls -l\n");
  const Outcome none = rellama({"-m", kEcho, "-x", "Use ```ls``` and\nenjoy!"});
  EXPECT_EQ(none.exit_code, 1);
  EXPECT_EQ(none.out, "");
  EXPECT_TRUE(holds(none.err, "no fenced code block"));
}

TEST_F(TextSources, a_prompt_that_is_too_long_is_refused_with_both_numbers) {
  const std::string words = [] {
    std::string text;
    for (int i = 0; i < 5000; ++i) text += "word ";
    return text;
  }();
  const Outcome outcome = rellama({"Summarize:"}, words);
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_TRUE(holds(outcome.err, "the prompt is too long for meta/llama-2-70b-chat"))
      << outcome.err;
  EXPECT_TRUE(holds(outcome.err, "tokens, and the context window has 4096")) << outcome.err;
  EXPECT_EQ(rellama({"compare", "-m", "7b", "-m", "13b", "x"}, words).exit_code, 2);
  EXPECT_EQ(creates(), 0U);
  EXPECT_NE(rellama({"--no-validate", "Summarize:"}, words).exit_code, 2);
  EXPECT_EQ(creates(), 1U);
  EXPECT_EQ(rellama({"--max-new-tokens", "9000", "hi"}).exit_code, 0)
      << "the answer alone does not make the prompt too long";
}

}  // namespace
}  // namespace rellama::test

// Markdown answers: rendered on a terminal, unchanged in a pipe, and only the code with -x.

#include <fstream>
#include <sstream>

#include "program/program_test.hpp"
#include "support/expect_error.hpp"

namespace rellama::test {
namespace {

constexpr const char* kMarkdown =
    "# Title\n\nSome **strong** text.\n\n- item\n\n```sh\nls -l\n```\n\nAfter it.\n";

class Markdown : public ProgramTest {
 protected:
  // The echo model answers with `text`.
  [[nodiscard]] Launch asking(const std::string& text, std::vector<std::string> options) const {
    options.insert(options.end(), {"-m", kEcho, "-q", "-f", file("prompt.md", text)});
    return launch(std::move(options));
  }
  [[nodiscard]] Launch on_terminal(const std::string& text,
                                   std::vector<std::string> options = {}) const {
    Launch launch = asking(text, std::move(options));
    launch.on_terminal = true;
    return launch;
  }

  [[nodiscard]] std::string content(const std::string& name) const {
    std::ostringstream content;
    content << std::ifstream(home_ / name).rdbuf();
    return content.str();
  }
};

TEST_F(Markdown, a_terminal_gets_it_rendered) {
  const Outcome outcome = run(on_terminal(kMarkdown));
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.err,
            "\x1b[1;4mTitle\x1b[0m\r\n\r\nSome \x1b[1mstrong\x1b[0m text.\r\n\r\n• item\r\n\r\n"
            "\x1b[2m─── sh\x1b[0m\r\nls -l\r\n\x1b[2m───\x1b[0m\r\n\r\nAfter it.\r\n");
}

TEST_F(Markdown, a_pipe_gets_it_byte_for_byte) {
  const std::string text = std::string(kMarkdown) + "\x1b[2J\n\xC2\x9B\t**x\n";
  EXPECT_EQ(run(asking(text, {})).out, text);
  Launch piped = on_terminal(text);
  piped.pipe_output = true;
  EXPECT_EQ(run(piped).out, text);
}

TEST_F(Markdown, never_prints_plain_text_on_a_terminal_too) {
  EXPECT_EQ(run(on_terminal("# Title\n**a** b\n", {"--markdown", "never"})).err,
            "# Title\r\n**a** b\r\n");
}

TEST_F(Markdown, raw_prints_plain_text_on_a_terminal_too) {
  EXPECT_EQ(run(on_terminal("# Title\n**a** b\n", {"--raw"})).err, "# Title\r\n**a** b\r\n");
}

TEST_F(Markdown, always_renders_into_a_pipe_with_attributes_on_request) {
  EXPECT_EQ(run(asking("# Title\n- a *b*\n", {"--markdown=always"})).out, "# Title\n• a *b*\n");
  EXPECT_EQ(run(asking("# Title\n- a *b*\n", {"--markdown=always", "--color=always"})).out,
            "\x1b[1;4mTitle\x1b[0m\n• a \x1b[3mb\x1b[0m\n");
}

TEST_F(Markdown, without_color_there_is_layout_but_no_attributes) {
  const std::string shown = "# Title\r\n• a **b**\r\n";
  EXPECT_EQ(run(on_terminal("# Title\n- a **b**\n", {"--color", "never"})).err, shown);
  Launch launch = on_terminal("# Title\n- a **b**\n");
  launch.environment["NO_COLOR"] = "1";
  EXPECT_EQ(run(launch).err, shown);
}

TEST_F(Markdown, a_dumb_terminal_gets_plain_text) {
  Launch launch = on_terminal("# Title\n- a **b**\n");
  launch.environment["TERM"] = "dumb";
  EXPECT_EQ(run(launch).err, "# Title\r\n- a **b**\r\n");
}

TEST_F(Markdown, without_utf8_decoration_is_ascii) {
  Launch launch = on_terminal("- a\n\n---\n", {"--width", "5", "--color", "never"});
  launch.environment["LC_ALL"] = "C";
  EXPECT_EQ(run(launch).err, "* a\r\n\r\n-----\r\n");
}

TEST_F(Markdown, lines_wrap_at_the_width_of_the_terminal_or_the_option) {
  std::string words;
  for (int i = 0; i < 30; ++i) words += "word ";
  const std::string first(words, 0, 16 * 5 - 1);  // 79 of 80 columns
  EXPECT_TRUE(run(on_terminal(words)).err.starts_with(first + "\r\n"));
  EXPECT_TRUE(
      run(on_terminal(words, {"--width", "20"})).err.starts_with("word word word word\r\nword"));
  EXPECT_TRUE(run(asking(words, {"--width", "9", "--markdown", "always"}))
                  .out.starts_with("word word\nword word\n"));
}

TEST_F(Markdown, the_model_cannot_send_escape_sequences) {
  const std::string shown =
      run(on_terminal("# \x1b]0;owned\x07\n- `\x1b[2J` &#27;[2J\n```\n\x1b[5m\n```\n")).err;
  EXPECT_TRUE(holds(shown, "␛]0;owned␇"));
  EXPECT_TRUE(holds(shown, "␛[5m"));
  for (std::size_t at = shown.find('\x1b'); at != std::string::npos;
       at = shown.find('\x1b', at + 1)) {
    const std::size_t end = shown.find_first_not_of("0123456789;", at + 2);
    EXPECT_EQ(shown[at + 1], '[');
    EXPECT_EQ(shown[end], 'm') << shown.substr(at);
    EXPECT_NE(shown.substr(at, 4), "\x1b[5m");
  }
}

TEST_F(Markdown, ctrl_c_shows_what_arrived_and_resets_attributes) {
  emulator::EmulatorOptions options;
  options.token_rate = 20;
  start_emulator(options);
  std::string words = "# ";
  for (int i = 0; i < 200; ++i) words += "word ";
  Process process(on_terminal(words));
  ASSERT_TRUE(process.read_until("word"));
  process.type("\x03");
  const Outcome outcome = process.wait();
  EXPECT_EQ(outcome.exit_code, 130);
  EXPECT_EQ(cancels(), 1U);
  const std::size_t last = outcome.err.rfind("\x1b[");
  ASSERT_NE(last, std::string::npos);
  EXPECT_EQ(outcome.err.substr(last, 4), "\x1b[0m") << outcome.err;
}

TEST_F(Markdown, wait_and_stream_render_too) {
  Launch ask = asking("**a**\n", {"--detach"});
  const std::string id = run(ask).out;
  for (const char* command : {"stream", "wait"}) {
    Launch follow = launch({"predictions", command, "-q", id.substr(0, id.size() - 1)});
    follow.on_terminal = true;
    EXPECT_EQ(run(follow).err, "\x1b[1ma\x1b[0m\r\n");
  }
}

TEST_F(Markdown, extract_prints_only_the_first_code_block) {
  EXPECT_EQ(run(asking(kMarkdown, {"-x"})).out, "ls -l\n");
  EXPECT_EQ(run(asking(kMarkdown, {"--extract", "--no-stream"})).out, "ls -l\n");
  EXPECT_EQ(run(on_terminal(kMarkdown, {"-x"})).err, "ls -l\r\n");
  EXPECT_EQ(run(asking("```\na\x1b[1m\nb\n", {"-x"})).out, "a\x1b[1m\nb\n");
}

TEST_F(Markdown, extract_shows_control_characters_on_a_terminal) {
  EXPECT_EQ(run(on_terminal("```\n\x1b[2J\n```\n", {"-x"})).err, "␛[2J\r\n");
}

TEST_F(Markdown, extract_without_a_code_block_is_an_error) {
  const Outcome outcome = rellama({"-m", kEcho, "-x", "no code"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.out, "");
  EXPECT_TRUE(holds(outcome.err,
                    "rellama: nothing to extract: "
                    "the answer has no fenced code block"))
      << outcome.err;
  EXPECT_TRUE(holds(outcome.err, "leave out --extract"));
}

TEST_F(Markdown, extract_and_output_save_the_block) {
  EXPECT_EQ(run(asking(kMarkdown, {"-x", "-O", (home_ / "list.sh").string()})).exit_code, 0);
  EXPECT_EQ(content("list.sh"), "ls -l\n");
  EXPECT_EQ(run(asking("none", {"-x", "-O", (home_ / "none.sh").string()})).exit_code, 1);
  EXPECT_FALSE(std::filesystem::exists(home_ / "none.sh"));
}

TEST_F(Markdown, a_saved_answer_is_plain_text) {
  EXPECT_EQ(run(on_terminal(kMarkdown, {"-O", (home_ / "answer.md").string()})).exit_code, 0);
  EXPECT_EQ(content("answer.md"), kMarkdown);
}

TEST_F(Markdown, conflicting_options_are_rejected_before_anything_is_sent) {
  using Options = std::vector<std::string>;
  for (const Options& options :
       {Options{"--markdown", "sometimes"}, Options{"--markdown"}, Options{"--width", "0"},
        Options{"--width", "x"}, Options{"--width", "-3"}, Options{"--width", "10001"},
        Options{"-x", "--json"}, Options{"-x", "--jsonl"}, Options{"-x", "--raw"},
        Options{"-x", "--markdown", "always"}, Options{"--markdown", "never", "--json"},
        Options{"--width", "80", "--json"}, Options{"--width", "80", "-x"},
        Options{"-x", "--detach"}, Options{"-x", "--dry-run"}}) {
    Options arguments = options;
    arguments.insert(arguments.begin(), "hi");
    const Outcome outcome = rellama(arguments);
    EXPECT_EQ(outcome.exit_code, 2) << testing::PrintToString(options);
    EXPECT_TRUE(outcome.err.starts_with("rellama: ")) << outcome.err;
  }
  EXPECT_EQ(creates(), 0U);
}

}  // namespace
}  // namespace rellama::test

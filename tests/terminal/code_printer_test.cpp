#include "terminal/code_printer.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "support/buffer_streams.hpp"
#include "terminal/finished.hpp"

namespace rellama::terminal {
namespace {

using tests::BufferOutput;
using tests::Device;
using tests::finished;

std::string extracted(std::string_view answer, Device device = Device::pipe) {
  BufferOutput out(device);
  CodePrinter printer(out);
  printer.output(answer);
  printer.done(finished());
  EXPECT_EQ(has_code(answer),
            answer.find("```") != answer.npos || answer.find("~~~") != answer.npos)
      << answer;
  return out.text();
}

TEST(CodePrinter, the_first_block_is_printed_exactly_and_nothing_else) {
  EXPECT_EQ(extracted("Sure!\n\n```c\nint a;\n\n\tint b;\n```\nThat is it.\n```\nno\n```\n"),
            "int a;\n\n\tint b;\n");
  EXPECT_EQ(extracted("~~~\n```\na\n~~~\n"), "```\na\n");
}

TEST(CodePrinter, code_in_an_item_or_a_quote_is_printed_without_their_marks) {
  EXPECT_EQ(extracted("1. So:\n\n   ```sh\n   if a; then\n     b\n   fi\n   ```\n"),
            "if a; then\n  b\nfi\n");
  EXPECT_EQ(extracted("> ```\n> a\n> ```\n"), "a\n");
}

TEST(CodePrinter, a_block_that_is_not_closed_is_printed_as_far_as_it_goes) {
  EXPECT_EQ(extracted("```\na\nb"), "a\nb\n");
}

TEST(CodePrinter, without_a_fenced_block_nothing_is_printed) {
  EXPECT_EQ(extracted("text `code`\n\n    indented\n"), "");
  EXPECT_EQ(extracted(""), "");
}

TEST(CodePrinter, a_fence_may_start_after_words_on_its_line) {
  EXPECT_EQ(extracted("Here it is: ```sh\nls -l\n```\nEnjoy!\n"), "ls -l\n");
  EXPECT_EQ(extracted("1. Run ```\nls\n   ```\nThen rest.\n"), "ls\n");
  EXPECT_EQ(extracted("So: ````md\n```\na\n```\n````\nb\n"), "```\na\n```\n");
  EXPECT_EQ(extracted("So: ```c++\nint a;\nint b;"), "int a;\nint b;\n");
}

TEST(CodePrinter, a_fence_may_end_after_code_on_its_line) {
  EXPECT_EQ(extracted("```sh\nls -l```\nEnjoy!\n"), "ls -l\n");
  EXPECT_EQ(extracted("So: ```sh\nls -l``` \nEnjoy!\n"), "ls -l\n");
  EXPECT_EQ(extracted("```sh\nls -l```"), "ls -l\n");
  EXPECT_EQ(extracted("```md\nuse ```a``` or ```b```\nmore\n```\nprose\n"),
            "use ```a``` or ```b```\nmore\n")
      << "pairs are part of the code";
  EXPECT_EQ(extracted("~~~\na```\nb\n~~~\n"), "a```\nb\n") << "another kind of fence";
}

TEST(CodePrinter, words_are_never_taken_for_code) {
  EXPECT_EQ(extracted("Do: ```bash ls -la\n```\nprose here\n"), "ls -la\n");
  EXPECT_EQ(extracted("Sure! ```print('hi')\n```\nThat prints hi.\n"), "print('hi')\n");
  EXPECT_EQ(extracted("Code: ```python title=\"a b\"\nx\n```\nprose\n"), "x\n");
  EXPECT_EQ(extracted("Code: ```{.python}\nx\n```\n"), "x\n");
  EXPECT_EQ(extracted("Run ~~~sh\nls\n~~~\nand then this prose.\n"), "ls\n");
  EXPECT_EQ(extracted("```\ncode\n``` This prints.\nMore prose.\n"), "code\n");
  EXPECT_EQ(extracted("```md\n```sh\nls\n```\n"), "```sh\nls\n") << "a block of its own";
  EXPECT_EQ(extracted("You need three ```\nto open.\n```py\ncode\n```\n"), "code\n");
}

TEST(CodePrinter, backticks_within_a_line_are_no_block) {
  for (const char* answer :
       {"You need three ```\nto open a fence.\nThat is it.\n",
        "Use ```ls -l``` to list.\nThat is it.\n", "Type ``` to begin, then go on\nand on.\n",
        "It is `ls`\nand no more.\n", "Run ```ls``` now: ```pwd```\nprose\n"}) {
    BufferOutput out;
    CodePrinter printer(out);
    printer.output(answer);
    printer.done(finished());
    EXPECT_EQ(out.text(), "") << answer;
    EXPECT_FALSE(has_code(answer)) << answer;
  }
}

TEST(CodePrinter, how_a_loose_block_is_cut_changes_nothing) {
  constexpr std::string_view kAnswer = "a: ```sh\n  b `` ``` c\n\n  d ```\ne\n";
  for (std::size_t cut = 0; cut <= kAnswer.size(); ++cut) {
    BufferOutput out;
    CodePrinter printer(out);
    printer.output(kAnswer.substr(0, cut));
    printer.flush();
    printer.output(kAnswer.substr(cut));
    printer.done(finished());
    EXPECT_EQ(out.text(), "  b `` ``` c\n\n  d\n") << cut;
  }
}

TEST(CodePrinter, an_empty_block_is_an_empty_line) {
  EXPECT_EQ(extracted("```\n```\n"), "\n");
}

TEST(CodePrinter, a_pipe_gets_the_bytes_and_a_terminal_marks) {
  EXPECT_EQ(extracted("```\r\na\x1b[1m\r\nb\xFF\r\n```\r\n"), "a\x1b[1m\r\nb\xFF\r\n");
  EXPECT_EQ(extracted("```\na\x1b[1m\n```\n", Device::terminal), "a␛[1m\n");
}

TEST(CodePrinter, how_the_answer_is_cut_changes_nothing) {
  constexpr std::string_view kAnswer = "a\n- ```c\n  b\n\n\n  c``\n  ```\nd\n```\ne\n```\n";
  for (std::size_t cut = 0; cut <= kAnswer.size(); ++cut) {
    BufferOutput out;
    CodePrinter printer(out);
    printer.output(kAnswer.substr(0, cut));
    printer.flush();
    printer.output(kAnswer.substr(cut));
    printer.done(finished());
    EXPECT_EQ(out.text(), "b\n\n\nc``\n") << cut;
  }
}

TEST(CodePrinter, a_run_that_ends_early_loses_nothing_and_ends_the_line) {
  BufferOutput out;
  CodePrinter printer(out);
  printer.output("```\na b");
  printer.flush();
  EXPECT_EQ(out.text(), "a b");
  printer.fail(Error(ErrorKind::incomplete, {.failed = "the stream was cut"}));
  EXPECT_EQ(out.text(), "a b\n");
}

}  // namespace
}  // namespace rellama::terminal

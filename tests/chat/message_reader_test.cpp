#include "chat/message_reader.hpp"

#include <gtest/gtest.h>

#include "support/buffer_streams.hpp"
#include "terminal/piped_lines.hpp"

namespace rellama::chat {
namespace {

using Kind = Input::Kind;

// Everything read from `script`, as "kind:text".
std::vector<std::string> read_all(const std::string& script) {
  tests::BufferInput in(script);
  terminal::PipedLines lines(in);
  MessageReader reader(lines);
  std::vector<std::string> all;
  while (true) {
    const Input input = reader.read("> ", {});
    if (input.kind == Kind::end) return all;
    all.push_back((input.kind == Kind::command ? "command:" : "message:") + input.text);
  }
}

using All = std::vector<std::string>;

TEST(MessageReader, a_line_is_a_message_and_blank_lines_are_skipped) {
  EXPECT_EQ(read_all("one\n\n  \ntwo\r\nthree"),
            (All{"message:one", "message:two", "message:three"}));
}

TEST(MessageReader, a_slash_starts_a_command_and_two_start_a_message) {
  EXPECT_EQ(read_all("/help me\n//etc is a folder\n"),
            (All{"command:/help me", "message:/etc is a folder"}));
}

TEST(MessageReader, a_backslash_continues_the_line) {
  EXPECT_EQ(read_all("one\\\n/two\\\nthree\nfour\n"),
            (All{"message:one\n/two\nthree", "message:four"}));
  EXPECT_EQ(read_all("one\\"), (All{"message:one\n"}));
}

TEST(MessageReader, quotes_make_a_block) {
  EXPECT_EQ(read_all("\"\"\"\none\n\n/two\n\"\"\"\nthree\n"),
            (All{"message:one\n\n/two", "message:three"}));
  EXPECT_EQ(read_all("\"\"\"one\ntwo\"\"\"\n"), (All{"message:one\ntwo"}));
  EXPECT_EQ(read_all("\"\"\"one\"\"\"\n"), (All{"message:one"}));
  EXPECT_EQ(read_all("\"\"\"one\ntwo"), (All{"message:one\ntwo"})) << "a block that nobody ends";
  EXPECT_EQ(read_all("say \"\"\" to me\n"), (All{"message:say \"\"\" to me"}));
}

TEST(MessageReader, a_byte_order_mark_before_a_script_is_no_message) {
  EXPECT_EQ(read_all("\xEF\xBB\xBF/set seed=1\r\nhi\r\n"),
            (All{"command:/set seed=1", "message:hi"}));
  EXPECT_EQ(read_all("hi\n\xEF\xBB\xBF/x\n"), (All{"message:hi", "message:\xEF\xBB\xBF/x"}));
}

TEST(MessageReader, the_words_that_leave_other_programs_leave_this_one) {
  for (const char* word : {"exit", "quit", ":q", " Exit ", "QUIT"}) {
    EXPECT_EQ(read_all(word + std::string("\n")), (All{"command:/exit"})) << word;
  }
  EXPECT_EQ(read_all("exit now\n\"\"\"exit\"\"\"\n\"\"\"\nquit\n\"\"\"\nexit\\\nquit\n"),
            (All{"message:exit now", "message:exit", "message:quit", "message:exit\nquit"}));
}

}  // namespace
}  // namespace rellama::chat

// Answers side by side on a screen.

#include "terminal/columns.hpp"

#include <gtest/gtest.h>

#include "support/buffer_streams.hpp"
#include "support/expect_error.hpp"
#include "terminal/finished.hpp"

namespace rellama::terminal {
namespace {

using tests::BufferOutput;
using tests::Device;
using tests::finished;

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

class ColumnsTest : public testing::Test {
 protected:
  std::string last_write() {
    const auto writes = out_.writes();
    return writes.empty() ? "" : writes.back();
  }

  BufferOutput out_{Device::terminal, 60, 10};
  Columns columns_{out_, {"7b", "13b"}, {.glyphs = Glyphs::ascii, .bold = false}};
};

TEST_F(ColumnsTest, a_redraw_is_one_write_that_leaves_the_cursor_at_its_start) {
  columns_.output(0, "left");
  columns_.output(1, "right");
  columns_.flush();
  const std::string picture = last_write();
  EXPECT_TRUE(picture.starts_with("\r7b"));
  EXPECT_TRUE(test::holds(picture, "left                         | right\x1b[K\n")) << picture;
  EXPECT_TRUE(picture.ends_with("\x1b[J\x1b[3A\r")) << "heading, rule, text, state";
  EXPECT_EQ(count(picture, "\n"), 3U);
}

TEST_F(ColumnsTest, the_blanks_that_models_put_before_an_answer_are_left_out) {
  columns_.output(0, " \nleft");
  columns_.output(1, " right");
  columns_.done(0, finished());
  columns_.done(1, finished());
  columns_.finish();
  EXPECT_TRUE(test::holds(last_write(), "\nleft                         | right\n"))
      << last_write();
}

TEST_F(ColumnsTest, a_redraw_never_fills_the_screen) {
  for (int i = 0; i < 100; ++i) columns_.output(0, "line " + std::to_string(i) + "\n");
  columns_.flush();
  EXPECT_EQ(count(last_write(), "\n"), 8U);
  EXPECT_TRUE(test::holds(last_write(), "line 99"));
  EXPECT_FALSE(test::holds(last_write(), "line 90 "));
}

TEST_F(ColumnsTest, at_the_end_every_line_is_printed_once) {
  for (int i = 100; i < 200; ++i) columns_.output(0, "line " + std::to_string(i) + "\n");
  columns_.output(1, "short\n\n");
  columns_.flush();
  columns_.done(0, finished());
  columns_.done(1, finished());
  columns_.finish();
  const std::string end = last_write();
  EXPECT_TRUE(end.starts_with("\r\x1b[J")) << "what was drawn goes away";
  for (int i = 100; i < 200; ++i) EXPECT_EQ(count(end, "line " + std::to_string(i) + " "), 1U) << i;
  EXPECT_EQ(count(end, "\n"), 102U);
  EXPECT_FALSE(test::holds(end, "done"));
}

TEST_F(ColumnsTest, resizing_the_window_redraws) {
  columns_.output(0, "one two three four five six seven");
  columns_.flush();
  EXPECT_TRUE(test::holds(last_write(), "one two three four five six  | \x1b[K")) << last_write();
  out_.resize(40, 10);
  columns_.flush();
  EXPECT_TRUE(test::holds(last_write(), "one two three four | \x1b[K")) << last_write();
}

TEST_F(ColumnsTest, a_window_too_small_for_columns_loses_nothing) {
  columns_.output(0, "left");
  columns_.output(1, "right");
  columns_.flush();
  out_.resize(20, 10);
  columns_.flush();
  EXPECT_EQ(last_write(), "\r\x1b[J\r");
  columns_.done(0, finished());
  columns_.fail(1, Error(ErrorKind::server, {.failed = "out of order"}));
  columns_.finish();
  EXPECT_TRUE(last_write().ends_with("== 7b ==\nleft\n\n== 13b ==\nright\n\nerror: out of order\n"))
      << last_write();
}

TEST_F(ColumnsTest, a_window_of_one_line_works) {
  out_.resize(60, 1);
  columns_.output(0, "left");
  columns_.flush();
  EXPECT_EQ(out_.text(), "");
}

TEST_F(ColumnsTest, other_output_finds_room) {
  columns_.make_room();
  EXPECT_EQ(out_.text(), "");
  columns_.output(0, "left");
  columns_.flush();
  columns_.make_room();
  EXPECT_EQ(last_write(), "\r\x1b[J");
  columns_.flush();
  EXPECT_TRUE(test::holds(last_write(), "left")) << "and what was there comes back below";
}

TEST_F(ColumnsTest, the_terminal_is_not_controlled_by_a_model) {
  columns_.output(0, "\x1b[2J\xC2\x9B");
  columns_.fail(1, Error(ErrorKind::server, {.failed = "\x1b[31m"}));
  columns_.done(0, finished());
  columns_.finish();
  EXPECT_TRUE(test::holds(last_write(), "␛[2J<U+009B>")) << last_write();
  EXPECT_TRUE(test::holds(last_write(), "error: ␛[31m")) << last_write();
}

}  // namespace
}  // namespace rellama::terminal

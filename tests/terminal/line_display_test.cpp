#include "terminal/line_display.hpp"

#include <gtest/gtest.h>

#include "support/buffer_streams.hpp"

namespace rellama::terminal {
namespace {

using tests::BufferOutput;
using tests::Device;

class LineDisplayTest : public testing::Test {
 protected:
  /// What showing this writes.
  std::string show(std::string_view before, std::string_view after = {}) {
    const std::size_t old = out_.text().size();
    display_.show(before, after);
    return out_.text().substr(old);
  }

  BufferOutput out_{Device::terminal, 10, 4};
  LineDisplay display_{out_, LineDisplay::Terminal::obeys};

  void SetUp() override { display_.begin("> "); }
};

TEST_F(LineDisplayTest, typing_at_the_end_writes_only_what_was_typed) {
  EXPECT_EQ(show(""), "> ");
  EXPECT_EQ(show("a"), "a");
  EXPECT_EQ(show("a"), "");
  EXPECT_EQ(show("abc"), "bc");
}

TEST_F(LineDisplayTest, moving_the_cursor_writes_no_text) {
  (void)show("abc");
  EXPECT_EQ(show("a", "bc"), "\r\x1b[3C");
  EXPECT_EQ(show("abc"), "\r\x1b[5C");
}

TEST_F(LineDisplayTest, what_is_typed_in_the_middle_moves_the_rest) {
  (void)show("ac");
  (void)show("a", "c");
  EXPECT_EQ(show("ab", "c"), "\r> abc\x1b[K\r\x1b[4C");
}

TEST_F(LineDisplayTest, a_long_line_has_rows_that_end_before_the_last_column) {
  EXPECT_EQ(show("1234567"), "> 1234567");
  EXPECT_EQ(show("12345678"), "\r> 1234567\x1b[K\n8\x1b[K");
  EXPECT_EQ(show("1234567"), "\x1b[1A\r> 1234567\x1b[K\x1b[J");
}

TEST_F(LineDisplayTest, the_cursor_is_right_next_to_an_emoji_of_several_parts) {
  // Terminals show it as two columns or as four, so no column may be computed from it.
  const std::string emoji = "\U0001F469\u200D\U0001F467";
  (void)show(emoji + "b");
  EXPECT_EQ(show(emoji, "b"), "\r> " + emoji);
  EXPECT_EQ(show(emoji + "a", "b"), "\r> " + emoji + "ab\x1b[K\r> " + emoji + "a");
}

TEST_F(LineDisplayTest, a_resized_window_gets_the_line_once) {
  (void)show("1234567890");
  out_.resize(20, 4);
  EXPECT_EQ(show("1234567890"), "\x1b[1A\r\x1b[J> 1234567890");
  EXPECT_EQ(show("1234567890"), "");
  out_.resize(5, 4);
  EXPECT_EQ(show("12345678"), "\x1b[2A\r\x1b[J\r> 12\x1b[K\n3456\x1b[K\n78\x1b[K")
      << "the terminal had broken the row into three";
}

TEST_F(LineDisplayTest, a_line_longer_than_the_window_shows_the_part_around_the_cursor) {
  const std::string line(1000, 'x');
  EXPECT_EQ(show(line + "end"), "\rxxxxxxxxx\x1b[K\nxxxxxxxxx\x1b[K\nxxxend\x1b[K");
  EXPECT_EQ(show("", line),
            "\x1b[2A\r> xxxxxxx\x1b[K\nxxxxxxxxx\x1b[K\nxxxxxxxxx\x1b[K"
            "\x1b[2A\r\x1b[2C");
}

TEST_F(LineDisplayTest, control_characters_are_shown_and_not_obeyed) {
  EXPECT_EQ(show("\x1b[A\t."), "> ␛[A .");
}

TEST_F(LineDisplayTest, leaving_goes_below_the_last_row) {
  (void)show("1234567890");
  (void)show("1", "234567890");
  const std::size_t old = out_.text().size();
  display_.leave();
  EXPECT_EQ(out_.text().substr(old), "\x1b[1B\n");
  EXPECT_EQ(show(""), "> ");
}

TEST_F(LineDisplayTest, a_dumb_terminal_gets_no_escape_codes) {
  LineDisplay dumb(out_, LineDisplay::Terminal::dumb);
  const std::size_t old = out_.text().size();
  dumb.begin("> ");
  dumb.show("abc", "");
  dumb.show("a", "c");
  dumb.show("a", "");
  EXPECT_EQ(out_.text().substr(old), "> abc\r> ac \r> a\r> a \r> a");
}

TEST_F(LineDisplayTest, a_closed_terminal_is_ignored) {
  out_.fail_with(ErrorKind::output_closed);
  display_.show("abc", "");
}

}  // namespace
}  // namespace rellama::terminal

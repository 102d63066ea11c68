#include "wire/plain_text.hpp"

#include <gtest/gtest.h>

namespace rellama::wire {
namespace {

TEST(PlainText, a_byte_order_mark_and_carriage_returns_at_line_ends_are_dropped) {
  EXPECT_EQ(plain_text("\xEF\xBB\xBFone\r\ntwo\r\n"), "one\ntwo\n");
  EXPECT_EQ(plain_text("\xEF\xBB\xBF"), "");
  EXPECT_EQ(plain_text("\r\n\r\n"), "\n\n");
}

TEST(PlainText, anything_else_stays) {
  for (const char* text : {"", "plain", "a\rb", "end\r", "\n\r",
                           "a\xEF\xBB\xBF"
                           "b"}) {
    EXPECT_EQ(plain_text(text), text);
  }
  EXPECT_EQ(plain_text("a\r\r\nb"), "a\r\nb");
}

}  // namespace
}  // namespace rellama::wire

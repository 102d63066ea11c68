// Answers that arrive at the same time, shown one after another.

#include "terminal/sequential_printer.hpp"

#include <gtest/gtest.h>

#include "support/buffer_streams.hpp"
#include "terminal/finished.hpp"
#include "terminal/text_printer.hpp"

namespace rellama::terminal {
namespace {

using tests::BufferOutput;
using tests::Device;
using tests::finished;

SequentialPrinter::MakePrinter plain_text(OutputStream& out) {
  return [&out] { return std::make_unique<TextPrinter>(out, VisibleMode::on_terminal); };
}

TEST(SequentialPrinter, the_first_is_shown_as_it_arrives_and_the_second_waits) {
  BufferOutput out;
  SequentialPrinter printer(out, {"7b", "13b"}, SequentialPrinter::Headings::plain,
                            plain_text(out));
  printer.output(1, "second");
  printer.flush();
  EXPECT_EQ(out.text(), "");
  printer.output(0, "fir");
  printer.flush();
  EXPECT_EQ(out.text(), "== 7b ==\nfir");
  printer.done(1, finished());
  printer.output(0, "st");
  printer.done(0, finished());
  printer.flush();
  EXPECT_EQ(out.text(), "== 7b ==\nfirst\n\n== 13b ==\nsecond\n");
}

TEST(SequentialPrinter, an_error_is_shown_in_place_of_the_answer_on_one_line) {
  BufferOutput out;
  SequentialPrinter printer(out, {"a", "b"}, SequentialPrinter::Headings::plain, plain_text(out));
  printer.output(0, "half an ans");
  printer.fail(0, Error(ErrorKind::prediction_failed, {.failed = "the model\nfailed"}));
  printer.output(1, "whole");
  printer.done(1, finished());
  printer.finish();
  EXPECT_EQ(out.text(), "== a ==\nhalf an ans\nerror: the model failed\n\n== b ==\nwhole\n");
}

TEST(SequentialPrinter, a_terminal_is_not_controlled_by_a_model_or_a_heading) {
  BufferOutput out(Device::terminal);
  SequentialPrinter printer(out, {"a\x1b[2J"}, SequentialPrinter::Headings::bold, plain_text(out));
  printer.output(0, "\x1b]0;owned\x07");
  printer.done(0, finished());
  printer.finish();
  EXPECT_EQ(out.text(), "\x1b[1m== a␛[2J ==\x1b[0m\n␛]0;owned␇\n");
}

}  // namespace
}  // namespace rellama::terminal

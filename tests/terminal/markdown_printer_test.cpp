#include "terminal/markdown_printer.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/buffer_streams.hpp"
#include "terminal/finished.hpp"
#include "terminal/rendered_markdown.hpp"

namespace rellama::terminal {
namespace {

using tests::BufferOutput;
using tests::Device;
using tests::finished;

int eighty() {
  return 80;
}

TEST(MarkdownPrinter, each_flush_is_one_write_of_what_is_certain) {
  BufferOutput out(Device::terminal);
  MarkdownPrinter printer(out, tests::kStyled, eighty);
  printer.output("# Ti");
  printer.output("tle\nwo");
  EXPECT_EQ(out.attempts(), 0);
  printer.flush();
  printer.flush();
  printer.output("rd");
  printer.flush();
  printer.done(finished());
  EXPECT_EQ(out.writes(), (std::vector<std::string>{"\x1b[1;4mTitle\x1b[0m\n", "word\n"}));
}

TEST(MarkdownPrinter, an_empty_answer_is_an_empty_line_and_a_failed_run_nothing) {
  BufferOutput out(Device::terminal);
  MarkdownPrinter(out, tests::kStyled, eighty).done(finished());
  EXPECT_EQ(out.text(), "\n");
  BufferOutput failed(Device::terminal);
  MarkdownPrinter(failed, tests::kStyled, eighty).done(finished(Status::failed));
  EXPECT_EQ(failed.text(), "");
}

TEST(MarkdownPrinter, output_that_is_not_text_is_not_markdown) {
  BufferOutput out(Device::terminal);
  Prediction prediction = finished();
  prediction.output.set_json(R"(["*a*", 1])");
  MarkdownPrinter(out, tests::kStyled, eighty).done(prediction);
  EXPECT_EQ(out.text(), "\"*a*\"\n1\n");
}

TEST(MarkdownPrinter, a_run_that_ends_early_shows_what_arrived_and_leaves_no_attribute_on) {
  BufferOutput out(Device::terminal);
  MarkdownPrinter printer(out, tests::kStyled, eighty);
  printer.output("# Title **of");
  printer.fail(Error(ErrorKind::incomplete, {.failed = "the stream was cut"}));
  EXPECT_EQ(out.text(), "\x1b[1;4mTitle\x1b[0m\x1b[1;4m **of\x1b[0m\n");
}

TEST(MarkdownPrinter, it_ends_once) {
  BufferOutput out(Device::terminal);
  MarkdownPrinter printer(out, tests::kStyled, eighty);
  printer.output("a");
  printer.done(finished());
  printer.output("b");
  printer.flush();
  printer.done(finished());
  printer.fail(Error(ErrorKind::incomplete, {.failed = "the stream was cut"}));
  EXPECT_EQ(out.text(), "a\n");
}

TEST(MarkdownPrinter, after_a_failed_write_nothing_is_tried_again) {
  BufferOutput out(Device::terminal);
  MarkdownPrinter printer(out, tests::kStyled, eighty);
  printer.output("a b");
  out.fail_with(ErrorKind::output_closed);
  EXPECT_THROW(printer.flush(), Error);
  EXPECT_NO_THROW(printer.fail(Error(ErrorKind::output_closed, {.failed = "closed"})));
  EXPECT_EQ(out.attempts(), 1);
}

}  // namespace
}  // namespace rellama::terminal

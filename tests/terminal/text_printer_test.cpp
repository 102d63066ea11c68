#include "terminal/text_printer.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/buffer_streams.hpp"
#include "terminal/finished.hpp"

namespace rellama::terminal {
namespace {

using tests::BufferOutput;
using tests::Device;
using tests::finished;

const Error kLost(ErrorKind::incomplete, {.failed = "the stream was cut"});

std::string printed(const std::vector<std::string>& pieces, Device device = Device::pipe,
                    VisibleMode mode = VisibleMode::on_terminal) {
  BufferOutput out(device);
  TextPrinter printer(out, mode);
  for (const std::string& piece : pieces) {
    printer.output(piece);
    printer.flush();
  }
  printer.done(finished());
  return out.text();
}

TEST(TextPrinter, a_missing_line_end_is_added) {
  EXPECT_EQ(printed({"Hello", "!"}), "Hello!\n");
}

TEST(TextPrinter, several_line_ends_at_the_end_become_one) {
  EXPECT_EQ(printed({"Hello\n\n", "\n"}), "Hello\n");
}

TEST(TextPrinter, line_ends_inside_the_text_are_kept) {
  EXPECT_EQ(printed({"a\n\n", "\n", " b\n"}), "a\n\n\n b\n");
}

TEST(TextPrinter, blanks_before_the_answer_are_left_out) {
  EXPECT_EQ(printed({" ", "\n", " a b\n"}), "a b\n");
  EXPECT_EQ(printed({" a"}, Device::terminal), "a\n");
}

TEST(TextPrinter, raw_mode_gives_a_pipe_the_exact_bytes) {
  EXPECT_EQ(printed({" ", "a\n", "\n"}, Device::pipe, VisibleMode::raw), " a\n\n");
  EXPECT_EQ(printed({" a"}, Device::pipe, VisibleMode::raw), " a");
  EXPECT_EQ(printed({}, Device::pipe, VisibleMode::raw), "");
  EXPECT_EQ(printed({" a"}, Device::terminal, VisibleMode::raw), " a\n");
}

TEST(TextPrinter, an_empty_answer_is_an_empty_line) {
  EXPECT_EQ(printed({}), "\n");
  EXPECT_EQ(printed({"", "\n\n"}), "\n");
}

TEST(TextPrinter, a_failed_prediction_without_text_prints_nothing) {
  BufferOutput out;
  TextPrinter(out, VisibleMode::on_terminal).done(finished(Status::failed));
  EXPECT_EQ(out.text(), "");
}

TEST(TextPrinter, nothing_is_written_before_flush_and_each_flush_is_one_write) {
  BufferOutput out;
  TextPrinter printer(out, VisibleMode::on_terminal);
  printer.output("a");
  printer.output("b");
  EXPECT_EQ(out.attempts(), 0);
  printer.flush();
  printer.flush();
  printer.output("c");
  printer.flush();
  printer.done(finished());
  EXPECT_EQ(out.writes(), (std::vector<std::string>{"ab", "c", "\n"}));
}

TEST(TextPrinter, a_terminal_gets_marks_and_a_pipe_the_exact_bytes) {
  const std::vector<std::string> pieces{"a\x1b[2J\r\n", "\x9B"};
  EXPECT_EQ(printed(pieces, Device::terminal), "a␛[2J\n<9B>\n");
  EXPECT_EQ(printed(pieces, Device::pipe), "a\x1b[2J\r\n\x9B\n");
  EXPECT_EQ(printed(pieces, Device::terminal, VisibleMode::raw), "a\x1b[2J\r\n\x9B\n");
}

TEST(TextPrinter, what_the_filter_held_back_is_printed_at_the_end) {
  EXPECT_EQ(printed({"a\r"}, Device::terminal), "a␍\n");
  EXPECT_EQ(printed({"a\xE2\x82"}, Device::terminal), "a<E2><82>\n");
}

std::string printed_json(const std::string& json, Device device = Device::pipe) {
  BufferOutput out(device);
  Prediction prediction = finished();
  prediction.output.set_json(json);
  TextPrinter(out, VisibleMode::on_terminal).done(prediction);
  return out.text();
}

TEST(TextPrinter, output_that_is_not_text_is_printed_as_json_on_one_line) {
  EXPECT_EQ(printed_json("{\n  \"score\": 1\r\n}\n"), "{\"score\":1}\n");
  EXPECT_EQ(printed_json("7"), "7\n");
  EXPECT_EQ(printed_json("false"), "false\n");
}

TEST(TextPrinter, a_list_is_printed_element_by_element_and_an_empty_one_as_nothing) {
  EXPECT_EQ(printed_json(R"([{"b":1,"a":[2, null]}, "x\ny", 3.5])"),
            "{\"b\":1,\"a\":[2,null]}\n\"x\\ny\"\n3.5\n");
  EXPECT_EQ(printed_json("[]"), "");
}

TEST(TextPrinter, json_cannot_control_the_terminal) {
  EXPECT_EQ(printed_json("[\"\xE2\x80\xAE\"]", Device::terminal), "\"<U+202E>\"\n");
}

TEST(TextPrinter, files_are_printed_as_their_urls) {
  BufferOutput out;
  Prediction prediction = finished();
  prediction.output.set_files({"https://a/1.png", "https://a/2.png"},
                              R"(["https://a/1.png","https://a/2.png"])");
  TextPrinter(out, VisibleMode::on_terminal).done(prediction);
  EXPECT_EQ(out.text(), "https://a/1.png\nhttps://a/2.png\n");
}

TEST(TextPrinter, an_empty_list_of_files_prints_nothing) {
  BufferOutput out;
  Prediction prediction = finished();
  prediction.output_kind = OutputKind::files;
  TextPrinter(out, VisibleMode::on_terminal).done(prediction);
  EXPECT_EQ(out.text(), "");
}

TEST(TextPrinter, a_run_that_ends_early_loses_nothing_and_ends_the_line) {
  BufferOutput out;
  TextPrinter printer(out, VisibleMode::on_terminal);
  printer.output("shown ");
  printer.flush();
  printer.output("not yet\n\n");
  printer.fail(kLost);
  EXPECT_EQ(out.text(), "shown not yet\n");
}

TEST(TextPrinter, a_run_that_ends_early_without_text_prints_nothing) {
  BufferOutput out;
  TextPrinter printer(out, VisibleMode::on_terminal);
  printer.output("");
  printer.fail(kLost);
  EXPECT_EQ(out.attempts(), 0);
}

TEST(TextPrinter, it_ends_once) {
  BufferOutput out;
  TextPrinter printer(out, VisibleMode::on_terminal);
  printer.output("a");
  printer.done(finished());
  printer.fail(kLost);
  printer.output("b");
  printer.flush();
  printer.done(finished());
  EXPECT_EQ(out.text(), "a\n");
}

TEST(TextPrinter, after_a_failed_write_nothing_is_tried_again) {
  BufferOutput out;
  TextPrinter printer(out, VisibleMode::on_terminal);
  printer.output("a");
  out.fail_with(ErrorKind::output_closed);
  EXPECT_THROW(printer.flush(), Error);
  EXPECT_NO_THROW(printer.fail(Error(ErrorKind::output_closed, {.failed = "closed"})));
  EXPECT_EQ(out.attempts(), 1);
}

TEST(TextPrinter, the_result_does_not_depend_on_how_the_text_is_cut) {
  const std::string text = "\n a\r\n\n\x1b[1m👩‍🚀\xE2\x82\n\n\nb\r\n\r\n\n";
  for (const Device device : {Device::pipe, Device::terminal}) {
    const std::string whole = printed({text}, device);
    for (std::size_t first = 0; first <= text.size(); ++first) {
      for (std::size_t second = first; second <= text.size(); ++second) {
        ASSERT_EQ(printed({text.substr(0, first), text.substr(first, second - first),
                           text.substr(second)},
                          device),
                  whole)
            << "cut at " << first << " and " << second;
      }
    }
  }
}

}  // namespace
}  // namespace rellama::terminal

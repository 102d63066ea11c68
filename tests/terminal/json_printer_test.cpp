#include "terminal/json_printer.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/buffer_streams.hpp"

namespace rellama::terminal {
namespace {

using Json = nlohmann::ordered_json;
using tests::BufferOutput;
using tests::Device;

const Error kThrottled(ErrorKind::rate_limited, {.failed = "throttled", .remedy = "wait"});

Prediction prediction_in(Status status) {
  Prediction prediction;
  prediction.id = {"p1"};
  prediction.model = "internal/name";
  prediction.version = "v1";
  prediction.status = status;
  return prediction;
}

Prompt prompt() {
  return {.model = "meta/llama-2-7b-chat", .prompt = "Why?\n"};
}

std::vector<Json> lines_of(const BufferOutput& out) {
  std::vector<Json> lines;
  std::string rest = out.text();
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    EXPECT_NE(end, std::string::npos) << "a line without its end: " << rest;
    if (end == std::string::npos) break;
    lines.push_back(Json::parse(rest.substr(0, end)));
    rest.erase(0, end + 1);
  }
  return lines;
}

TEST(JsonPrinter, an_answer_is_one_object_with_its_keys_in_order) {
  BufferOutput out;
  JsonPrinter printer(out, prompt());
  printer.created(prediction_in(Status::starting));
  printer.output("Be");
  printer.flush();
  printer.output("cause.");
  EXPECT_EQ(out.attempts(), 0) << "printed before the end";
  Prediction last = prediction_in(Status::succeeded);
  last.output.append("Because.");
  last.metrics.text = R"({"predict_time":1.5})";
  printer.done(last);
  EXPECT_EQ(out.text(),
            R"({"format":"rellama.answer/1","model":"meta/llama-2-7b-chat","version":"v1",)"
            R"("id":"p1","prompt":"Why?\n","output":"Because.","status":"succeeded",)"
            R"("metrics":{"predict_time":1.5},"error":null})"
            "\n");
}

TEST(JsonPrinter, the_servers_model_is_named_if_none_was_asked_for) {
  BufferOutput out;
  JsonPrinter(out, {.model = "", .prompt = "x"}).done(prediction_in(Status::succeeded));
  EXPECT_EQ(lines_of(out).at(0)["model"], "internal/name");
}

TEST(JsonPrinter, no_output_is_null_and_an_empty_one_is_an_empty_string) {
  BufferOutput none;
  JsonPrinter(none, prompt()).done(prediction_in(Status::failed));
  EXPECT_TRUE(lines_of(none).at(0)["output"].is_null());
  BufferOutput empty;
  Prediction prediction = prediction_in(Status::succeeded);
  prediction.output.append("");
  JsonPrinter(empty, prompt()).done(prediction);
  EXPECT_EQ(lines_of(empty).at(0)["output"], "");
}

TEST(JsonPrinter, output_that_is_not_text_stays_json) {
  BufferOutput out;
  Prediction prediction = prediction_in(Status::succeeded);
  prediction.output.set_json(R"({"b":[1],"a":null})");
  JsonPrinter(out, prompt()).done(prediction);
  EXPECT_EQ(lines_of(out).at(0)["output"].dump(), R"({"b":[1],"a":null})");
}

TEST(JsonPrinter, a_failed_prediction_has_its_error_and_its_text) {
  BufferOutput out;
  JsonPrinter printer(out, prompt());
  printer.output("half");
  Prediction prediction = prediction_in(Status::failed);
  prediction.error = "CUDA out of memory";
  printer.done(prediction);
  const Json object = lines_of(out).at(0);
  EXPECT_EQ(object["output"], "half");
  EXPECT_EQ(object["status"], "failed");
  EXPECT_EQ(object["error"], "CUDA out of memory");
}

TEST(JsonPrinter, a_run_that_ends_early_prints_what_is_known) {
  BufferOutput out;
  JsonPrinter printer(out, prompt());
  printer.created(prediction_in(Status::starting));
  printer.status_changed(Status::processing);
  printer.output("half");
  printer.fail(kThrottled);
  const Json object = lines_of(out).at(0);
  EXPECT_EQ(object["id"], "p1");
  EXPECT_EQ(object["status"], "processing");
  EXPECT_EQ(object["output"], "half");
  EXPECT_EQ(object["error"], "throttled; wait");
}

TEST(JsonPrinter, the_output_is_the_longer_of_what_arrived_and_the_final_text) {
  for (const char* in_object : {"Hello", "Hello, world"}) {
    BufferOutput out;
    JsonPrinter printer(out, prompt());
    printer.output("Hello, ");
    Prediction prediction = prediction_in(Status::succeeded);
    prediction.output.append(in_object);
    printer.done(prediction);
    const std::string expected = in_object == std::string("Hello") ? "Hello, " : "Hello, world";
    EXPECT_EQ(lines_of(out).at(0)["output"], expected);
  }
}

TEST(JsonPrinter, a_run_that_never_started_has_nulls) {
  BufferOutput out;
  JsonPrinter(out, prompt()).fail(kThrottled);
  const Json object = lines_of(out).at(0);
  for (const char* key : {"version", "id", "output", "status", "metrics"}) {
    EXPECT_TRUE(object.at(key).is_null()) << key;
  }
  EXPECT_EQ(object["model"], "meta/llama-2-7b-chat");
}

TEST(JsonPrinter, an_unknown_status_is_printed_as_sent) {
  BufferOutput out;
  Prediction prediction = prediction_in(Status::unknown);
  prediction.status_text = "paused";
  JsonPrinter(out, prompt()).done(prediction);
  EXPECT_EQ(lines_of(out).at(0)["status"], "paused");
}

TEST(JsonPrinter, metrics_that_are_not_an_object_are_null) {
  for (const char* metrics : {"[1]", "no json", ""}) {
    BufferOutput out;
    Prediction prediction = prediction_in(Status::succeeded);
    prediction.metrics.text = metrics;
    JsonPrinter(out, prompt()).done(prediction);
    EXPECT_TRUE(lines_of(out).at(0)["metrics"].is_null()) << metrics;
  }
}

TEST(JsonPrinter, bytes_that_are_not_utf8_are_replaced) {
  BufferOutput out;
  JsonPrinter printer(out, {.model = "m\xFF", .prompt = "p\xFF"});
  printer.output("a\xFFz");
  printer.done(prediction_in(Status::succeeded));
  const Json object = lines_of(out).at(0);
  EXPECT_EQ(object["output"], "a\uFFFDz");
  EXPECT_EQ(object["prompt"], "p\uFFFD");
  EXPECT_EQ(object["model"], "m\uFFFD");
}

TEST(JsonPrinter, a_terminal_is_not_controlled_and_readable_text_stays_readable) {
  BufferOutput harmless(Device::terminal);
  JsonPrinter(harmless, {.model = "m", .prompt = "Größe"}).done(prediction_in(Status::succeeded));
  EXPECT_NE(harmless.text().find("Größe"), std::string::npos) << harmless.text();

  BufferOutput hostile(Device::terminal);
  JsonPrinter printer(hostile, {.model = "m", .prompt = "x"});
  printer.output("\u009B31m\u202E");
  printer.done(prediction_in(Status::succeeded));
  EXPECT_EQ(hostile.text().find("\u009B"), std::string::npos);
  EXPECT_EQ(lines_of(hostile).at(0)["output"], "\u009B31m\u202E");
}

TEST(JsonPrinter, it_ends_once) {
  BufferOutput out;
  JsonPrinter printer(out, prompt());
  printer.done(prediction_in(Status::succeeded));
  printer.fail(kThrottled);
  EXPECT_EQ(lines_of(out).size(), 1U);
}

TEST(JsonlPrinter, every_event_is_one_line) {
  BufferOutput out;
  JsonlPrinter printer(out, prompt());
  printer.created(prediction_in(Status::starting));
  printer.status_changed(Status::processing);
  printer.output("Be");
  printer.output("cause.\n");
  Prediction last = prediction_in(Status::succeeded);
  last.output.append("Because.\n");
  printer.done(last);
  const std::vector<Json> lines = lines_of(out);
  ASSERT_EQ(lines.size(), 5U);
  EXPECT_EQ(lines[0].dump(), R"({"format":"rellama.events/1","event":"created",)"
                             R"("model":"meta/llama-2-7b-chat","version":"v1","id":"p1",)"
                             R"("status":"starting"})");
  EXPECT_EQ(lines[1].dump(),
            R"({"format":"rellama.events/1","event":"status","status":"processing"})");
  EXPECT_EQ(lines[2].dump(), R"({"format":"rellama.events/1","event":"output","text":"Be"})");
  EXPECT_EQ(lines[3]["text"], "cause.\n");
  EXPECT_EQ(lines[4].dump(), R"({"format":"rellama.events/1","event":"done",)"
                             R"("model":"meta/llama-2-7b-chat","version":"v1","id":"p1",)"
                             R"("prompt":"Why?\n","output":"Because.\n","status":"succeeded",)"
                             R"("metrics":null,"error":null})");
}

TEST(JsonlPrinter, each_flush_is_one_write) {
  BufferOutput out;
  JsonlPrinter printer(out, prompt());
  printer.created(prediction_in(Status::starting));
  printer.output("a");
  EXPECT_EQ(out.attempts(), 0);
  printer.flush();
  printer.flush();
  EXPECT_EQ(out.attempts(), 1);
}

TEST(JsonlPrinter, a_run_that_ends_early_ends_with_an_error_event) {
  BufferOutput out;
  JsonlPrinter printer(out, prompt());
  printer.created(prediction_in(Status::starting));
  printer.output("half");
  printer.fail(kThrottled);
  const Json last = lines_of(out).back();
  EXPECT_EQ(last["event"], "error");
  EXPECT_EQ(last["kind"], "rate_limited");
  EXPECT_EQ(last["error"], "throttled; wait");
  EXPECT_EQ(last["output"], "half");
  EXPECT_EQ(last["id"], "p1");
}

TEST(JsonlPrinter, after_a_failed_write_nothing_is_tried_again) {
  BufferOutput out;
  JsonlPrinter printer(out, prompt());
  printer.output("a");
  out.fail_with(ErrorKind::output_closed);
  EXPECT_THROW(printer.flush(), Error);
  EXPECT_NO_THROW(printer.fail(kThrottled));
  EXPECT_EQ(out.attempts(), 1);
}

}  // namespace
}  // namespace rellama::terminal

#include "emulator/event_stream.hpp"

#include <set>
#include <thread>

#include "emulator_fixture.hpp"

namespace rellama::emulator::test {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

class EmulatorStream : public EmulatorTest {
 protected:
  json ask_for_sky(int tokens) {
    return ask("meta/llama-2-70b-chat",
               {{"prompt", "Why is the sky blue?"}, {"max_tokens", tokens}})
        .json();
  }
};

TEST_F(EmulatorStream, a_stream_has_an_event_with_an_id_for_each_token_and_ends_with_done) {
  start();
  const Answer answer = stream(ask_for_sky(5));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("Content-Type"), "text/event-stream");
  EXPECT_TRUE(answer.complete);
  EXPECT_TRUE(answer.body.starts_with(": hi\n\nevent: output\nid: ")) << answer.body;
  EXPECT_NE(answer.body.find("\ndata:  The\n\n"), std::string::npos) << answer.body;
  EXPECT_TRUE(answer.body.ends_with("\ndata: {}\n\n")) << answer.body;
  const auto events = parse_events(answer.body);
  ASSERT_EQ(events.size(), 6U);
  EXPECT_EQ(events.back().name, "done");
  EXPECT_EQ(text_of(events), " The sky is blue becaus");
  for (const Event& event : events) {
    EXPECT_EQ(event.id.find(':'), 10U) << "<epoch seconds>:<index>: " << event.id;
  }
}

TEST_F(EmulatorStream, line_breaks_inside_a_token_become_data_lines) {
  start();
  const json prediction = ask("rellama-demo/echo", {{"prompt", "\n\na\n\nb\r\nc\rd\n"}}).json();
  EXPECT_EQ(text_of(parse_events(stream(prediction).body)), "\n\na\n\nb\nc\nd\n");
}

TEST_F(EmulatorStream, the_stream_has_the_same_text_as_the_prediction) {
  start();
  const json prediction = ask("meta/llama-2-70b-chat", {{"prompt", "Write a poem"}}).json();
  EXPECT_EQ(text_of(parse_events(stream(prediction).body)), text_of(fetch(prediction)["output"]));
}

TEST_F(EmulatorStream, a_second_reader_gets_the_same_events_with_the_same_ids) {
  start();
  const json prediction = ask_for_sky(50);
  const Answer first = stream(prediction);
  EXPECT_EQ(stream(prediction).body, first.body);
}

TEST_F(EmulatorStream, a_client_that_reconnects_resumes_after_its_last_event_id) {
  EmulatorOptions options;
  options.token_rate = 400;
  start(options);
  const json prediction = ask_for_sky(100);
  const auto all = parse_events(stream(prediction).body);
  std::set<std::string> ids;
  for (const Event& event : all) ids.insert(event.id);
  EXPECT_EQ(ids.size(), 101U) << "no ID occurs twice";
  const auto rest = parse_events(stream(prediction, {{"Last-Event-ID", all[39].id}}).body);
  ASSERT_EQ(rest.size(), 61U);
  EXPECT_EQ(rest.front().id, all[40].id);
  EXPECT_EQ(parse_events(stream(prediction, {{"Last-Event-ID", all[99].id}}).body).size(), 1U);
  EXPECT_EQ(parse_events(stream(prediction, {{"Last-Event-ID", "unknown"}}).body).size(), 101U);
}

TEST_F(EmulatorStream, tokens_arrive_as_they_are_made) {
  EmulatorOptions options;
  options.cold_boot = 60ms;
  options.token_rate = 100;
  start(options);
  const auto begin = std::chrono::steady_clock::now();
  const auto events = parse_events(stream(ask_for_sky(20)).body);
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 250ms);
  EXPECT_EQ(events.size(), 21U);
}

TEST_F(EmulatorStream, a_failure_is_an_error_event_followed_by_done) {
  start_with_fault("predict:failed@3");
  const json prediction = ask_for_sky(20);
  const auto events = parse_events(stream(prediction).body);
  ASSERT_EQ(events.size(), 5U);
  EXPECT_EQ(events[3].name, "error");
  EXPECT_EQ(json::parse(events[3].data)["detail"], fetch(prediction)["error"]);
  EXPECT_EQ(events[4].data, R"({"reason":"error"})");
}

TEST_F(EmulatorStream, silence_ends_with_a_408_comment) {
  EmulatorOptions options;
  options.cold_boot = 10min;
  options.stream_timeout = 50ms;
  start(options);
  const Answer answer = stream(ask_for_sky(20));
  EXPECT_EQ(answer.body, ": hi\n\n:408: 408 Request Timeout\n\n");
}

TEST_F(EmulatorStream, the_stream_of_a_removed_prediction_times_out) {
  EmulatorOptions options;
  options.retention = 0ms;
  options.stream_timeout = 50ms;
  start(options);
  EXPECT_EQ(stream(ask_for_sky(20)).body, ": hi\n\n:408: 408 Request Timeout\n\n");
}

TEST_F(EmulatorStream, chunks_may_end_inside_a_character) {
  start();
  const std::string prompt = "🦙🦙🦙 naïve über 🦙🦙";
  const json prediction = ask("rellama-demo/echo-bytes", {{"prompt", prompt}}).json();
  const auto events = parse_events(stream(prediction).body);
  EXPECT_EQ(text_of(events), prompt);
  EXPECT_EQ(events[0].data.size(), 1U) << "the first byte of a llama";
}

TEST_F(EmulatorStream, two_hundred_thousand_tokens_stream_quickly) {
  EmulatorOptions options;
  options.context_window = 1'000'000;
  start(options);
  const json prediction = ask("meta/llama-2-70b-chat",
                              {{"prompt", "x"}, {"min_tokens", 200'000}, {"max_tokens", 200'000}})
                              .json();
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(parse_events(stream(prediction).body).size(), 200'001U);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 60s);
}

TEST(EmulatorEventIds, the_index_restarts_each_second) {
  EventIds ids;
  EXPECT_EQ(ids.next(WallTime(1'698'774'369'100'000us)), "1698774369:0");
  EXPECT_EQ(ids.next(WallTime(1'698'774'369'900'000us)), "1698774369:1");
  EXPECT_EQ(ids.next(WallTime(1'698'774'370'000'000us)), "1698774370:0");
}

}  // namespace
}  // namespace rellama::emulator::test

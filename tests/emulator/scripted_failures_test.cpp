#include "emulator/create_limit.hpp"
#include "emulator_fixture.hpp"
#include "rellama/error.hpp"

namespace rellama::emulator::test {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

class ScriptedFailures : public EmulatorTest {
 protected:
  Answer create() {
    return ask("meta/llama-2-70b-chat", {{"prompt", "Why is the sky blue?"}, {"max_tokens", 20}});
  }
};

TEST_F(ScriptedFailures, a_status_is_returned_as_often_as_requested) {
  start_with_fault("create:503*2");
  EXPECT_EQ(create().status, 503);
  EXPECT_EQ(create().status, 503);
  EXPECT_EQ(create().status, 201);
}

TEST_F(ScriptedFailures, a_throttled_request_is_told_when_to_retry) {
  start_with_fault("create:429@7");
  const Answer answer = create();
  EXPECT_EQ(answer.status, 429);
  EXPECT_EQ(answer.header("Retry-After"), "7");
  EXPECT_EQ(answer.header("Content-Type"), "application/problem+json");
  EXPECT_EQ(answer.json()["retry_after"], 7);
}

TEST_F(ScriptedFailures, a_throttled_request_can_be_told_otherwise_or_nothing) {
  start_with_fault("create:429-date@7");
  EXPECT_TRUE(create().header("Retry-After").ends_with(" GMT")) << create().header("Retry-After");
  start_with_fault("create:429-words@7");
  const Answer words = create();
  EXPECT_EQ(words.header("Retry-After"), "");
  EXPECT_EQ(words.json()["detail"], "Request was throttled. Your rate limit resets in ~7s.");
  for (const char* fault : {"create:429-bare", "create:429-html"}) {
    start_with_fault(fault);
    const Answer answer = create();
    EXPECT_EQ(answer.status, 429);
    for (const char* header : {"Retry-After", "ratelimit-remaining", "ratelimit-reset"}) {
      EXPECT_EQ(answer.header(header), "") << fault;
    }
  }
}

TEST_F(ScriptedFailures, creates_above_a_limit_are_refused_until_a_token_is_there) {
  CreateLimit limit(60, "429-words");
  const Clock::time_point now = Clock::now();
  for (int i = 0; i < 60; ++i) ASSERT_FALSE(limit.take(now));
  const auto refusal = limit.take(now + 100ms);
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->kind, FaultKind::throttled_words);
  EXPECT_EQ(refusal->at, 1);
  EXPECT_FALSE(limit.take(now + 1s));
  EXPECT_TRUE(limit.take(now + 1500ms));
  EXPECT_THROW(CreateLimit(60, "503"), Error);

  EmulatorOptions options;
  options.creates_a_minute = 1;
  start(options);
  EXPECT_EQ(create().status, 201);
  EXPECT_EQ(create().status, 429);
  EXPECT_EQ(get("/v1/predictions").json()["results"].size(), 1U);
}

TEST_F(ScriptedFailures, every_status_has_a_problem_body) {
  for (const int status : {401, 402, 403, 404, 422, 500, 502, 504}) {
    start_with_fault("create:" + std::to_string(status));
    const Answer answer = create();
    EXPECT_EQ(answer.status, status);
    EXPECT_EQ(answer.json()["status"], status);
  }
}

TEST_F(ScriptedFailures, a_reset_create_request_creates_no_prediction) {
  start_with_fault("create:reset*1");
  const Answer answer = create();
  EXPECT_EQ(answer.status, 0);
  EXPECT_TRUE(answer.reset);
  EXPECT_EQ(get("/v1/predictions").json()["results"].size(), 0U);
  EXPECT_EQ(emulator().requests().size(), 2U) << "the request was read";
}

TEST_F(ScriptedFailures, a_lost_create_request_creates_a_prediction) {
  start_with_fault("create:lost*1");
  const Answer answer = create();
  EXPECT_EQ(answer.status, 0);
  EXPECT_FALSE(answer.reset);
  EXPECT_EQ(get("/v1/predictions").json()["results"].size(), 1U);
}

TEST_F(ScriptedFailures, replies_can_be_html_empty_text_or_truncated) {
  EmulatorOptions options;
  options.faults = {"create:html*1", "create:empty-500*1", "create:text-503*1", "create:truncated"};
  start(options);
  const Answer html = create();
  EXPECT_EQ(html.status, 200);
  EXPECT_EQ(html.header("Content-Type"), "text/html; charset=utf-8");
  const Answer empty = create();
  EXPECT_EQ(empty.status, 500);
  EXPECT_EQ(empty.body, "");
  const Answer text = create();
  EXPECT_EQ(text.status, 503);
  EXPECT_EQ(text.header("Content-Type"), "text/plain");
  const Answer truncated = create();
  EXPECT_EQ(truncated.status, 200);
  EXPECT_FALSE(truncated.complete);
  EXPECT_FALSE(truncated.body.empty());
}

TEST_F(ScriptedFailures, polls_can_lag_behind_the_prediction) {
  start_with_fault("get:processing*2");
  const json prediction = create().json();
  for (int i = 0; i < 2; ++i) {
    const json lagging = fetch(prediction);
    EXPECT_EQ(lagging["status"], "processing");
    EXPECT_EQ(lagging["output"].size(), 20U);
    EXPECT_FALSE(lagging.contains("metrics"));
  }
  EXPECT_EQ(fetch(prediction)["status"], "succeeded");
}

TEST_F(ScriptedFailures, predictions_can_have_no_stream) {
  start_with_fault("model:no-stream*1");
  EXPECT_FALSE(create().json()["urls"].contains("stream"));
  EXPECT_TRUE(create().json()["urls"].contains("stream"));
}

TEST_F(ScriptedFailures, a_stream_can_break_after_a_number_of_tokens_in_each_connection) {
  start_with_fault("stream:cut@8*2");
  const json prediction = create().json();
  const Answer first = stream(prediction);
  EXPECT_FALSE(first.complete);
  const auto events = parse_events(first.body);
  ASSERT_EQ(events.size(), 8U);
  const auto second = parse_events(stream(prediction, {{"Last-Event-ID", events[7].id}}).body);
  ASSERT_EQ(second.size(), 8U);
  const Answer third = stream(prediction, {{"Last-Event-ID", second[7].id}});
  EXPECT_TRUE(third.complete);
  EXPECT_EQ(text_of(events) + text_of(second) + text_of(parse_events(third.body)),
            text_of(fetch(prediction)["output"]));
}

TEST_F(ScriptedFailures, a_stream_can_end_without_done) {
  start_with_fault("stream:end@8");
  const Answer answer = stream(create().json());
  EXPECT_TRUE(answer.complete);
  EXPECT_EQ(parse_events(answer.body).size(), 8U);
}

TEST_F(ScriptedFailures, a_stream_can_stall_until_it_times_out) {
  EmulatorOptions options;
  options.faults = {"stream:stall@5"};
  options.stream_timeout = 100ms;
  start(options);
  const Answer answer = stream(create().json());
  EXPECT_EQ(parse_events(answer.body).size(), 5U);
  EXPECT_TRUE(answer.body.ends_with(":408: 408 Request Timeout\n\n"));
}

TEST_F(ScriptedFailures, a_stream_can_time_out_at_once) {
  start_with_fault("stream:408*1");
  const json prediction = create().json();
  EXPECT_EQ(stream(prediction).body, ": hi\n\n:408: 408 Request Timeout\n\n");
  EXPECT_EQ(parse_events(stream(prediction).body).size(), 21U);
}

TEST_F(ScriptedFailures, an_error_event_can_be_json_or_plain_text) {
  EmulatorOptions options;
  options.faults = {"stream:error@7*1", "stream:plain-error@7*1"};
  start(options);
  const json prediction = create().json();
  const auto events = parse_events(stream(prediction).body);
  ASSERT_EQ(events.size(), 9U);
  EXPECT_EQ(events[7].name, "error");
  EXPECT_TRUE(json::parse(events[7].data).contains("detail"));
  EXPECT_EQ(events[8].data, R"({"reason":"error"})");
  const auto plain = parse_events(stream(prediction).body);
  ASSERT_EQ(plain.size(), 9U);
  EXPECT_FALSE(json::accept(plain[7].data));
}

TEST_F(ScriptedFailures, ids_line_ends_and_writes_of_a_stream_can_vary) {
  EmulatorOptions options;
  options.faults = {"stream:no-ids*1", "stream:crlf*1", "stream:bytes*1"};
  start(options);
  const json prediction = create().json();
  const Answer bare = stream(prediction);
  EXPECT_EQ(bare.body.find("id:"), std::string::npos);
  const Answer crlf = stream(prediction);
  EXPECT_TRUE(crlf.body.starts_with(": hi\r\n\r\nevent: output\r\n"));
  const Answer bytes = stream(prediction);
  const Answer normal = stream(prediction);
  EXPECT_EQ(bytes.body, normal.body);
}

TEST_F(ScriptedFailures, a_stream_can_have_one_byte_per_chunk) {
  start_with_fault("stream:bytes");
  const json prediction = create().json();
  RawClient connection(emulator().port());
  connection.send("GET " + path_of(prediction, "stream") +
                  " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  std::string all;
  for (std::string part = connection.receive(); !part.empty(); part = connection.receive()) {
    all += part;
  }
  const std::string first = "\r\n\r\n1\r\n:\r\n1\r\n \r\n1\r\nh\r\n1\r\ni\r\n";
  EXPECT_NE(all.find(first), std::string::npos) << all;
}

TEST_F(ScriptedFailures, a_stream_can_redirect_to_another_host_name) {
  start_with_fault("stream:redirect");
  const json prediction = create().json();
  const Answer answer = stream(prediction);
  EXPECT_EQ(answer.status, 302);
  const std::string host = "http://localhost:" + std::to_string(emulator().port());
  const std::string location = answer.header("Location");
  ASSERT_TRUE(location.starts_with(host)) << location;
  const Answer followed = exchange(emulator().port(), "GET", location.substr(host.size()));
  EXPECT_EQ(parse_events(followed.body).size(), 21U);
}

TEST_F(ScriptedFailures, predictions_can_be_canceled_and_aborted_from_elsewhere) {
  EmulatorOptions options;
  options.faults = {"predict:canceled@3*1", "predict:aborted*1"};
  start(options);
  const json canceled = fetch(create().json());
  EXPECT_EQ(canceled["status"], "canceled");
  EXPECT_EQ(canceled["output"].size(), 3U);
  const json aborted = fetch(create().json());
  EXPECT_EQ(aborted["status"], "aborted");
  EXPECT_EQ(aborted["output"], nullptr);
  EXPECT_FALSE(aborted.contains("started_at"));
}

}  // namespace
}  // namespace rellama::emulator::test

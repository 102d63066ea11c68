// A stream that breaks goes on: what the next connection says is joined to what came before.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "replicate/fixture.hpp"
#include "support/expect_error.hpp"
#include "support/raw_server.hpp"

namespace rellama {
namespace {

using namespace std::string_literals;
using test::kStreamHead;
using test::output_json;
using test::prediction_json;
using test::RawConnection;
using test::RawServer;
using test::RecordingSink;
using test::reply;

const std::string kNumberedDone = "event: done\nid: 9:9\ndata: {}\n\n";

std::string event(int number, const std::string& data) {
  return "event: output\nid: 1700000000:" + std::to_string(number) + "\ndata: " + data + "\n\n";
}

// The default `stall_timeout` is never reached.
Prediction follow_resumed(RawServer& server, RecordingSink& sink,
                          std::chrono::milliseconds stall_timeout = std::chrono::seconds(30)) {
  Prediction prediction;
  prediction.id.value = "p1";
  prediction.status = Status::starting;
  prediction.stream_url = server.url() + "/stream";
  ClientOptions options = test::options_for(server);
  options.stall_timeout = stall_timeout;
  options.silence_limit = std::chrono::minutes(1);  // not reached on a busy machine either
  return Client(ApiToken(test::kToken), options).follow(prediction, Delivery::stream, sink);
}

const test::RawScript kStillRunning = reply(200, prediction_json("processing"));
const test::RawScript kSucceeded =
    reply(200, prediction_json("succeeded", output_json({"one ", "two ", "three"})));

TEST(FollowResume, asks_to_resume_after_the_last_event) {
  RawServer server({reply(kStreamHead + event(0, "one ") + event(1, "two ") + "event: outp"),
                    kStillRunning, reply(kStreamHead + event(2, "three") + kNumberedDone),
                    kSucceeded});
  RecordingSink sink;
  EXPECT_EQ(follow_resumed(server, sink).output.text(), "one two three");
  EXPECT_EQ(sink.text, "one two three");
  EXPECT_EQ(server.lines(), (std::vector{"GET /stream"s, "GET /v1/predictions/p1"s, "GET /stream"s,
                                         "GET /v1/predictions/p1"s}));
  EXPECT_EQ(server.requests()[0].header("last-event-id"), "(none)");
  EXPECT_EQ(server.requests()[2].header("last-event-id"), "1700000000:1");
}

TEST(FollowResume, output_replayed_from_the_start_is_not_shown_twice) {
  RawServer server(
      {reply(kStreamHead + event(0, "one ") + event(1, "two ")), kStillRunning,
       reply(kStreamHead + event(0, "one ") + event(1, "two ") + event(2, "three") + kNumberedDone),
       kSucceeded});
  RecordingSink sink;
  follow_resumed(server, sink);
  EXPECT_EQ(sink.text, "one two three");
}

TEST(FollowResume, text_already_known_from_the_object_is_dropped_from_the_stream) {
  RawServer server({reply(kStreamHead + event(0, "one ")),
                    reply(200, prediction_json("processing", output_json({"one ", "two "}))),
                    reply(kStreamHead + event(1, "two ") + event(2, "three") + kNumberedDone),
                    kSucceeded});
  RecordingSink sink;
  follow_resumed(server, sink);
  EXPECT_EQ(sink.text, "one two three");
}

TEST(FollowResume, a_stalled_stream_is_reopened) {
  RawServer server({[](RawConnection& connection) {
                      connection.read_request();
                      connection.send(kStreamHead + event(0, "one "));
                      connection.hold();
                    },
                    kStillRunning,
                    reply(kStreamHead + event(1, "two ") + event(2, "three") + kNumberedDone),
                    kSucceeded});
  RecordingSink sink;
  follow_resumed(server, sink, std::chrono::milliseconds(500));
  EXPECT_EQ(sink.text, "one two three");
}

TEST(FollowResume, a_gateway_that_fails_temporarily_is_retried) {
  for (const int status : {502, 503, 504, 429}) {
    RawServer server({reply(status, "busy"), kStillRunning,
                      reply(kStreamHead + event(0, "one two three") + kNumberedDone), kSucceeded});
    RecordingSink sink;
    follow_resumed(server, sink);
    EXPECT_EQ(sink.text, "one two three") << status;
  }
}

TEST(FollowResume, a_boot_longer_than_the_stream_timeout_is_waited_for) {
  const test::RawScript timed_out = reply(kStreamHead + ":408: 408 Request Timeout\n\n");
  const test::RawScript starting = reply(200, prediction_json("starting"));
  RawServer server({timed_out, starting, timed_out, starting,
                    reply(kStreamHead + event(0, "one two three") + kNumberedDone), kSucceeded});
  RecordingSink sink;
  follow_resumed(server, sink);
  EXPECT_EQ(sink.text, "one two three");
}

TEST(FollowResume, a_stream_that_never_delivers_events_is_replaced_by_polling) {
  RawServer server;
  for (int i = 0; i < 4; ++i) {
    server.then(reply(kStreamHead));
    server.then(kStillRunning);
  }
  server.then(kSucceeded);
  RecordingSink sink;
  follow_resumed(server, sink);
  EXPECT_EQ(sink.text, "one two three");
  EXPECT_EQ(server.count("GET /stream"), 4);
}

TEST(FollowResume, a_stream_that_contradicts_the_object_is_replaced_by_polling) {
  RawServer server({reply(kStreamHead + event(0, "one ")),
                    reply(200, prediction_json("processing", output_json({"one ", "two "}))),
                    reply(kStreamHead + event(1, "tea ") + kNumberedDone), kSucceeded});
  RecordingSink sink;
  follow_resumed(server, sink);
  EXPECT_EQ(sink.text, "one two three");
}

TEST(FollowResume, a_later_object_cannot_redirect_the_token) {
  RawServer stranger;
  RawServer server({reply(kStreamHead + event(0, "one ")),
                    reply(200, prediction_json("processing", test::stream_json(stranger.url()))),
                    reply(kStreamHead + event(1, "two ") + event(2, "three") + kNumberedDone),
                    kSucceeded});
  RecordingSink sink;
  follow_resumed(server, sink);
  EXPECT_EQ(stranger.connections(), 0);
}

TEST(FollowResume, an_endless_output_is_rejected) {
  RawServer server({[](RawConnection& connection) {
    connection.read_request();
    connection.send(kStreamHead);
    const std::string large = event(0, std::string(8 << 20, 'x'));
    for (int i = 0; i < 9; ++i) connection.send(large);
    connection.hold();
  }});
  RecordingSink sink;
  const Error error = test::error_of([&] { follow_resumed(server, sink); });
  EXPECT_EQ(error.kind(), ErrorKind::server);
  EXPECT_TRUE(test::holds(error.what(), "64 MiB"));
}

}  // namespace
}  // namespace rellama

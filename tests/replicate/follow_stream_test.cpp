#include "replicate/follow.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "replicate/fixture.hpp"
#include "support/expect_error.hpp"
#include "support/raw_server.hpp"

namespace rellama {
namespace {

using namespace std::string_literals;
using test::client_of;
using test::error_of;
using test::holds;
using test::kStreamHead;
using test::output_json;
using test::prediction_json;
using test::RawConnection;
using test::RawServer;
using test::RecordingSink;
using test::reply;

Prediction with_stream(const std::string& stream_url = {}, const std::string& text = {}) {
  Prediction prediction;
  prediction.id.value = "p1";
  prediction.status = Status::starting;
  prediction.stream_url = stream_url;
  if (!text.empty()) prediction.output.append(text);
  return prediction;
}

Prediction follow_stream(RawServer& server, RecordingSink& sink,
                         Delivery delivery = Delivery::stream, const StopToken& stop = {}) {
  return client_of(server).follow(with_stream(server.url() + "/stream"), delivery, sink, stop);
}

std::string chunk(const std::string& data) {
  return "event: output\nid: 1700000000:0\ndata: " + data + "\n\n";
}

const std::string kStreamDone = "event: done\ndata: {}\n\n";

TEST(FollowStream, the_text_arrives_in_order_and_the_final_object_decides) {
  RawServer server({reply(kStreamHead + chunk("") + chunk(" Sure") + chunk("!") + kStreamDone),
                    reply(200, prediction_json("succeeded", output_json({"", " Sure", "!"})))});
  RecordingSink sink;
  const Prediction prediction = follow_stream(server, sink);
  EXPECT_EQ(sink.text, " Sure!");
  EXPECT_EQ(sink.log, (std::vector{"starting"s, "processing"s, "succeeded"s, "done succeeded"s}));
  EXPECT_EQ(prediction.output.text(), " Sure!");
  EXPECT_EQ(server.lines(), (std::vector{"GET /stream"s, "GET /v1/predictions/p1"s}));
}

TEST(FollowStream, a_long_fast_stream_arrives_completely) {
  std::string stream = kStreamHead;
  std::string text;
  std::vector<std::string> pieces;
  for (int i = 0; i < 20'000; ++i) {
    pieces.push_back(" word" + std::to_string(i));
    stream += chunk(pieces.back());
    text += pieces.back();
  }
  RawServer server(
      {reply(stream + kStreamDone), reply(200, prediction_json("succeeded", output_json(pieces)))});
  RecordingSink sink;
  EXPECT_EQ(follow_stream(server, sink).output.text(), text);
  EXPECT_EQ(sink.text, text);
}

TEST(FollowStream, requests_the_stream_with_the_right_headers_and_the_token_from_the_api) {
  RawServer server({reply(kStreamHead + kStreamDone), reply(200, prediction_json("succeeded"))});
  RecordingSink sink;
  follow_stream(server, sink);
  const auto request = server.requests().at(0);
  EXPECT_EQ(request.header("accept"), "text/event-stream");
  EXPECT_EQ(request.header("accept-encoding"), "(none)");
  EXPECT_EQ(request.header("authorization"), "Bearer r8_unit_test");
}

TEST(FollowStream, another_host_does_not_get_the_token) {
  RawServer stranger({reply(kStreamHead + chunk("Hi") + kStreamDone)});
  RawServer server({reply(200, prediction_json("succeeded", output_json({"Hi"})))});
  RecordingSink sink;
  client_of(server).follow(with_stream(stranger.url() + "/s"), Delivery::stream, sink);
  EXPECT_EQ(sink.text, "Hi");
  EXPECT_EQ(stranger.requests().at(0).header("authorization"), "(none)");
}

TEST(FollowStream, an_untrusted_stream_url_is_not_requested_and_polling_is_used) {
  for (const std::string bad :
       {"http://u@127.0.0.1/", "http://replicate.com/", "file:///etc/passwd", "x"}) {
    RawServer server({reply(200, prediction_json("succeeded", output_json({"Hi"})))});
    RecordingSink sink;
    client_of(server).follow(with_stream(bad), Delivery::stream, sink);
    EXPECT_EQ(sink.text, "Hi") << bad;
  }
}

TEST(FollowStream, cut_anywhere_polling_delivers_the_rest_and_nothing_twice) {
  const std::string whole = "na\xC3\xAFve llamas \xF0\x9F\xA6\x99 hum\n";
  std::string events = kStreamHead;
  for (const char byte : whole) {
    events += byte == '\n' ? "event: output\ndata:\ndata:\n\n" : chunk(std::string(1, byte));
  }
  events += kStreamDone;
  for (std::size_t cut = 0; cut < events.size(); cut += 7) {
    RawServer server({reply(events.substr(0, cut)),
                      reply(200, prediction_json("processing", output_json({whole.substr(0, 10)}))),
                      reply(404, "gone"),
                      reply(200, prediction_json("succeeded", output_json({whole})))});
    RecordingSink sink;
    follow_stream(server, sink);
    ASSERT_EQ(sink.text, whole) << "cut at byte " << cut;
    ASSERT_EQ(sink.log.back(), "done succeeded");
  }
}

TEST(FollowStream, an_emoji_cut_between_chunks_is_shown_in_one_piece) {
  RawServer server({reply(kStreamHead + chunk("a\xF0\x9F") + chunk("\xA6\x99") + kStreamDone),
                    reply(200, prediction_json("succeeded", output_json({"a\xF0\x9F\xA6\x99"})))});
  RecordingSink sink;
  follow_stream(server, sink);
  std::vector<std::string> shown;
  for (const std::string& piece : sink.pieces) {
    if (!piece.empty()) shown.push_back(piece);
  }
  EXPECT_EQ(shown, (std::vector{"a"s, "\xF0\x9F\xA6\x99"s}));
}

TEST(FollowStream, a_reset_connection_is_not_the_end_either) {
  RawServer server({[](RawConnection& connection) {
                      connection.read_request();
                      connection.send(kStreamHead + chunk("one "));
                      connection.reset();
                    },
                    reply(200, prediction_json("succeeded", output_json({"one ", "two"})))});
  RecordingSink sink;
  EXPECT_EQ(follow_stream(server, sink).output.text(), "one two");
  EXPECT_EQ(sink.text, "one two");
}

TEST(FollowStream, a_response_that_is_not_a_stream_is_replaced_by_polling) {
  const std::vector<test::RawScript> scripts{
      reply(404, "gone"),
      reply(500, ""),
      reply(200, chunk("evil"), {"Content-Type: text/html"}),
      reply(200, chunk("evil")),
      reply(302, "", {"Location: /v1/other"}),
      reply(204, ""),
      reply(""s),
      reply("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"s)};
  for (std::size_t i = 0; i < scripts.size(); ++i) {
    RawServer server({scripts[i], reply(200, prediction_json("succeeded", output_json({"Hi"})))});
    RecordingSink sink;
    follow_stream(server, sink);
    EXPECT_EQ(sink.text, "Hi") << "script " << i;
    EXPECT_EQ(server.requests().size(), 2U) << "script " << i;
  }
}

TEST(FollowStream, a_408_comment_switches_to_polling_even_if_the_stream_stays_open) {
  RawServer server({[](RawConnection& connection) {
                      connection.read_request();
                      connection.send(kStreamHead + chunk("one ") +
                                      ":408: 408 Request Timeout\n\n");
                      connection.hold();
                    },
                    reply(200, prediction_json("succeeded", output_json({"one ", "two"})))});
  RecordingSink sink;
  follow_stream(server, sink);
  EXPECT_EQ(sink.text, "one two");
}

TEST(FollowStream, done_ends_it_even_if_the_stream_stays_open) {
  for (const std::string done : {"event: done\ndata: {}\n\n", "event: done\n\n",
                                 "event: done\ndata: {\"reason\":\"canceled\"}\n\n"}) {
    RawServer server({[&done](RawConnection& connection) {
                        connection.read_request();
                        connection.send(kStreamHead + chunk("Hi") + done);
                        connection.hold();
                      },
                      reply(200, prediction_json("canceled", output_json({"Hi"})))});
    RecordingSink sink;
    EXPECT_EQ(follow_stream(server, sink).status, Status::canceled);
  }
}

TEST(FollowStream, after_done_the_object_may_lag_and_is_polled_until_it_has_ended) {
  RawServer server({reply(kStreamHead + chunk("one ") + chunk("two") + kStreamDone),
                    reply(200, prediction_json("processing", output_json({"one "}))),
                    reply(200, prediction_json("processing", ",\"output\":null")),
                    reply(200, prediction_json("succeeded", output_json({"one ", "two"})))});
  RecordingSink sink;
  EXPECT_EQ(follow_stream(server, sink).status, Status::succeeded);
  EXPECT_EQ(sink.text, "one two");
}

TEST(FollowStream, if_the_object_lost_its_output_the_streamed_text_is_the_answer) {
  RawServer server(
      {reply(kStreamHead + chunk("one ") + chunk("two") + kStreamDone),
       reply(200, prediction_json("succeeded", ",\"output\":null,\"data_removed\":true"))});
  RecordingSink sink;
  EXPECT_EQ(follow_stream(server, sink).output.text(), "one two");
}

TEST(FollowStream, an_object_that_contradicts_the_stream_is_an_error) {
  RawServer server({reply(kStreamHead + chunk("one ") + kStreamDone),
                    reply(200, prediction_json("succeeded", output_json({"other"})))});
  RecordingSink sink;
  const Error error = error_of([&] { return follow_stream(server, sink); });
  EXPECT_EQ(error.kind(), ErrorKind::incomplete);
  EXPECT_TRUE(holds(error.what(), "(prediction p1)"));
  EXPECT_EQ(sink.text, "one ");
}

TEST(FollowStream, line_endings_that_events_cannot_contain_are_not_a_contradiction) {
  RawServer server({reply(kStreamHead + "event: output\ndata: a\ndata: b\n\n" + kStreamDone),
                    reply(200, prediction_json("succeeded", output_json({"a\r\nb"})))});
  RecordingSink sink;
  EXPECT_EQ(follow_stream(server, sink).status, Status::succeeded);
  EXPECT_EQ(sink.text, "a\nb");
}

TEST(FollowStream, cut_after_a_line_ending_that_events_cannot_contain_the_rest_still_arrives) {
  RawServer server({reply(kStreamHead + "event: output\ndata: a\ndata: b\n\n"),
                    reply(200, prediction_json("succeeded", output_json({"a\r\nb", " and c"})))});
  RecordingSink sink;
  EXPECT_EQ(follow_stream(server, sink).status, Status::succeeded);
  EXPECT_EQ(sink.text, "a\nb and c");
}

TEST(FollowStream, its_error_is_used_if_the_object_has_none) {
  for (const std::string data : {R"({"detail":"CUDA out of memory"})", "CUDA out of memory"}) {
    RawServer server({reply(kStreamHead + "event: error\ndata: " + data +
                            "\n\nevent: done\ndata: {\"reason\":\"error\"}\n\n"),
                      reply(200, prediction_json("failed"))});
    RecordingSink sink;
    const Prediction prediction = follow_stream(server, sink);
    EXPECT_EQ(prediction.status, Status::failed);
    EXPECT_EQ(prediction.error, "CUDA out of memory");
  }
}

TEST(FollowStream, logs_and_unknown_events_are_not_output) {
  RawServer server({reply(kStreamHead +
                          "event: logs\ndata: loading\n\ndata: untyped\n\n"
                          "event: metric\ndata: 1\n\n" +
                          chunk("Hi") + kStreamDone),
                    reply(200, prediction_json("succeeded", output_json({"Hi"})))});
  RecordingSink sink;
  follow_stream(server, sink);
  EXPECT_EQ(sink.text, "Hi");
}

TEST(FollowStream, output_the_object_had_before_is_not_shown_twice) {
  RawServer server({reply(kStreamHead + chunk("one ") + chunk("two") + kStreamDone),
                    reply(200, prediction_json("succeeded", output_json({"one two"})))});
  RecordingSink sink;
  client_of(server).follow(with_stream(server.url() + "/stream", "one "), Delivery::stream, sink);
  EXPECT_EQ(sink.text, "one two");
}

TEST(FollowStream, text_is_delivered_before_the_next_chunk_arrives) {
  RawServer server;
  server.then([](RawConnection& connection) {
    connection.read_request();
    connection.send(kStreamHead + chunk("first"));
    connection.hold();  // until the sink has received and flushed it
    connection.send(chunk(" second") + kStreamDone);
  });
  server.then(reply(200, prediction_json("succeeded", output_json({"first second"}))));
  class ReleasingSink : public RecordingSink {
   public:
    explicit ReleasingSink(RawServer& server) : server_(server) {}
    void flush() override {
      RecordingSink::flush();
      if (text == "first") server_.release();
    }

   private:
    RawServer& server_;
  } sink(server);
  follow_stream(server, sink);
  EXPECT_EQ(sink.text, "first second");
}

TEST(FollowStream, a_stop_ends_it_with_the_reason_and_the_prediction_id) {
  StopSource source;
  RawServer server({[&source](RawConnection& connection) {
    connection.read_request();
    connection.send(kStreamHead + chunk("one "));
    source.request(ErrorKind::interrupted);
    connection.hold();
  }});
  RecordingSink sink;
  const Error error =
      error_of([&] { return follow_stream(server, sink, Delivery::stream, source.token()); });
  EXPECT_EQ(error.kind(), ErrorKind::interrupted);
  EXPECT_EQ(error.parts().prediction_id, "p1");
  EXPECT_EQ(server.requests().size(), 1U);
}

TEST(FollowStream, an_exception_from_the_sink_reaches_the_caller) {
  class BrokenSink : public RecordingSink {
   public:
    void output(std::string_view) override { throw std::length_error("the disk is full"); }
  } sink;
  RawServer server({reply(kStreamHead + chunk("one ") + kStreamDone)});
  EXPECT_THROW(follow_stream(server, sink), std::length_error);
}

}  // namespace
}  // namespace rellama

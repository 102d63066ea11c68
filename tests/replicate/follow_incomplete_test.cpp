// An answer that may not be whole is not passed off as whole, and a run that can still be read is
// not given up.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "replicate/fixture.hpp"
#include "support/expect_error.hpp"
#include "support/raw_server.hpp"

namespace rellama {
namespace {

using namespace std::string_literals;
using test::error_of;
using test::holds;
using test::kStreamHead;
using test::output_json;
using test::prediction_json;
using test::RawConnection;
using test::RawServer;
using test::RecordingSink;
using test::reply;

const std::string kDone = "event: done\nid: 9:9\ndata: {}\n\n";

std::string event(const std::string& id, const std::string& data) {
  return "event: output\nid: " + id + "\ndata: " + data + "\n\n";
}

Prediction follow(const ClientOptions& options, const RawServer& server, RecordingSink& sink,
                  Delivery delivery = Delivery::stream) {
  Prediction prediction;
  prediction.id.value = "p1";
  prediction.status = Status::starting;
  prediction.stream_url = server.url() + "/stream";
  return Client(ApiToken(test::kToken), options).follow(prediction, delivery, sink);
}

Prediction follow(const RawServer& server, RecordingSink& sink) {
  return follow(test::options_for(server), server, sink);
}

TEST(FollowIncomplete, after_a_broken_stream_an_object_without_its_text_is_no_success) {
  for (const std::string& output :
       {R"(,"output":null)"s, R"(,"output":[])"s, ""s, output_json({"Hello "}),
        R"(,"output":null,"data_removed":true)"s}) {
    RawServer server({reply(kStreamHead + event("1", "Hello ") + event("2", "big "))});
    for (int read = 0; read < 5; ++read) {
      server.then(reply(200, prediction_json("succeeded", output)));
    }
    RecordingSink sink;
    const Error error = error_of([&] { follow(server, sink); });
    EXPECT_EQ(error.kind(), ErrorKind::incomplete) << output;
    EXPECT_EQ(sink.text, "Hello big ") << output;
  }
}

TEST(FollowIncomplete, after_a_stream_that_broke_without_text_an_empty_object_is_no_success) {
  for (const std::string& output : {R"(,"output":null)"s, R"(,"output":[])"s}) {
    RawServer server({reply(kStreamHead)});
    for (int read = 0; read < 5; ++read) {
      server.then(reply(200, prediction_json("succeeded", output)));
    }
    RecordingSink sink;
    const Error error = error_of([&] { follow(server, sink); });
    EXPECT_EQ(error.kind(), ErrorKind::incomplete) << output;
    EXPECT_TRUE(holds(error.what(), "the answer is missing")) << error.what();
  }
}

TEST(FollowIncomplete, a_run_that_had_no_output_is_a_success) {
  RawServer server(
      {reply(kStreamHead + kDone), reply(200, prediction_json("succeeded", R"(,"output":[])"))});
  RecordingSink sink;
  EXPECT_EQ(follow(server, sink).status, Status::succeeded);
  EXPECT_EQ(sink.text, "");
}

TEST(FollowIncomplete, a_replay_that_no_object_explains_is_no_success) {
  for (const std::string& output :
       {R"(,"output":null)"s, R"(,"output":[])"s, output_json({"Hello "}),
        R"(,"output":null,"data_removed":true)"s}) {
    RawServer server({reply(kStreamHead + event("1", "Hello ")),
                      reply(200, prediction_json("processing")),
                      reply(kStreamHead + event("71", "Hello ") + event("72", "world") + kDone)});
    for (int read = 0; read < 5; ++read) {
      server.then(reply(200, prediction_json("succeeded", output)));
    }
    RecordingSink sink;
    EXPECT_EQ(error_of([&] { follow(server, sink); }).kind(), ErrorKind::incomplete) << output;
    EXPECT_EQ(sink.text, "Hello ") << output;
  }
}

TEST(FollowIncomplete, an_object_that_is_stored_late_is_read_again) {
  RawServer server({reply(kStreamHead + event("1", "Hello ")),
                    reply(200, prediction_json("succeeded", R"(,"output":null)")),
                    reply(200, prediction_json("succeeded", output_json({"Hello ", "world"})))});
  RecordingSink sink;
  follow(server, sink);
  EXPECT_EQ(sink.text, "Hello world");
}

TEST(FollowIncomplete, after_a_whole_stream_the_object_may_lack_text) {
  RawServer server({reply(kStreamHead + event("1", "Hello ") + event("2", "world") + kDone),
                    reply(200, prediction_json("succeeded", R"(,"output":null)"))});
  RecordingSink sink;
  EXPECT_EQ(follow(server, sink).output.text(), "Hello world");
}

TEST(FollowIncomplete, a_replay_under_new_ids_is_shown_once) {
  const std::string running = prediction_json("processing");
  for (const std::string& text : {"Hello big world."s, "ha ha ha"s, "a"s}) {
    const auto half = text.size() / 2;
    RawServer server({reply(kStreamHead + event("1", text.substr(0, half))), reply(200, running),
                      reply(kStreamHead + event("b1", text.substr(0, half)) +
                            event("b2", text.substr(half)) + kDone),
                      reply(200, prediction_json("succeeded", output_json({text})))});
    RecordingSink sink;
    follow(server, sink);
    EXPECT_EQ(sink.text, text);
  }
}

TEST(FollowIncomplete, text_that_really_repeats_itself_is_not_cut) {
  for (const std::string& rest : {"ha ha "s, "ha no"s, "ha ha ha ha ha ha ha"s}) {
    RawServer server({reply(kStreamHead + event("1", "ha ") + event("2", "ha ")),
                      reply(200, prediction_json("processing")),
                      reply(kStreamHead + event("3", rest) + kDone),
                      reply(200, prediction_json("succeeded", output_json({"ha ha " + rest})))});
    RecordingSink sink;
    follow(server, sink);
    EXPECT_EQ(sink.text, "ha ha " + rest);
  }
}

TEST(FollowIncomplete, a_replay_without_ids_after_events_with_ids_is_shown_once) {
  const std::string replay =
      "event: output\ndata: Hello\n\nevent: output\ndata:  big\n\n"
      "event: output\ndata:  world\n\nevent: done\ndata: {}\n\n";
  RawServer server({reply(kStreamHead + event("1", "Hello") + event("2", " big")),
                    reply(200, prediction_json("processing")), reply(kStreamHead + replay),
                    reply(200, prediction_json("succeeded", output_json({"Hello big world"})))});
  RecordingSink sink;
  follow(server, sink);
  EXPECT_EQ(sink.text, "Hello big world");
}

TEST(FollowIncomplete, of_a_long_text_that_comes_twice_the_object_tells_how_often_it_was_written) {
  const std::string text(100, 'x');
  for (const std::string& whole : {text + "end", text + text + "end"}) {
    RawServer server({reply(kStreamHead + event("1", text)),
                      reply(200, prediction_json("processing")),
                      reply(kStreamHead + event("5", text) + event("6", "end") + kDone),
                      reply(200, prediction_json("processing")),
                      reply(200, prediction_json("succeeded", output_json({whole})))});
    RecordingSink sink;
    follow(server, sink);
    EXPECT_EQ(sink.text, whole);
  }
}

TEST(FollowIncomplete, a_damaged_item_of_the_stored_output_does_not_cost_the_text) {
  for (const std::string item : {"null", "5", R"({"a":1})"}) {
    const std::string stored = R"(,"output":["Hello",)" + item + R"(," world","."])";
    RawServer server({reply(kStreamHead + event("1", "Hello") + event("2", " big") +
                            event("3", " world") + event("4", ".") + kDone),
                      reply(200, prediction_json("succeeded", stored))});
    RecordingSink sink;
    EXPECT_EQ(follow(server, sink).output.text(), "Hello big world.") << item;
    EXPECT_EQ(sink.text, "Hello big world.") << item;
  }
}

TEST(FollowIncomplete, a_stored_output_of_which_another_part_differs_too_is_no_success) {
  for (const std::string stored : {R"(["Hello",null," worlds","."])", R"(["Hello",null,null,"."])",
                                   R"(["Hello"," big"," world",null])", R"({"a":1})"}) {
    RawServer server({reply(kStreamHead + event("1", "Hello") + event("2", " big") +
                            event("3", " world") + event("4", ".") + kDone),
                      reply(200, prediction_json("succeeded", R"(,"output":)" + stored))});
    RecordingSink sink;
    EXPECT_EQ(error_of([&] { follow(server, sink); }).kind(), ErrorKind::incomplete) << stored;
    EXPECT_EQ(sink.text, "Hello big world.") << stored;
  }
}

TEST(FollowIncomplete, a_prediction_that_is_not_found_at_first_is_read_again) {
  RawServer server({reply(404, R"({"detail":"not found"})"), reply(404, ""),
                    reply(200, prediction_json("succeeded", output_json({"Hi"})))});
  RecordingSink sink;
  follow(test::options_for(server), server, sink, Delivery::poll);
  EXPECT_EQ(sink.text, "Hi");
}

TEST(FollowIncomplete, a_run_survives_an_outage) {
  ClientOptions options;
  RawServer server({reply(kStreamHead + event("1", "one "))});
  for (int failure = 0; failure < 10; ++failure) server.then(reply(503, ""));
  server.then(reply(200, prediction_json("succeeded", output_json({"one ", "two"}))));
  options = test::options_for(server);
  options.outage_limit = std::chrono::seconds(60);
  RecordingSink sink;
  follow(options, server, sink);
  EXPECT_EQ(sink.text, "one two");
}

TEST(FollowIncomplete, after_a_long_outage_the_error_says_how_to_read_the_rest_for_free) {
  RawServer server({reply(kStreamHead + event("1", "one "))});
  for (int failure = 0; failure < 200; ++failure) server.then(reply(503, ""));
  ClientOptions options = test::options_for(server);
  options.outage_limit = std::chrono::milliseconds(20);
  RecordingSink sink;
  const Error error = error_of([&] { follow(options, server, sink); });
  EXPECT_EQ(error.kind(), ErrorKind::incomplete);
  EXPECT_TRUE(holds(error.what(), "rellama predictions stream p1"));
}

TEST(FollowIncomplete, a_stream_that_is_held_back_is_left_for_polling) {
  RawServer server({[](RawConnection& connection) {
                      connection.read_request();
                      connection.send(kStreamHead);
                      connection.hold();
                    },
                    reply(200, prediction_json("processing", output_json({"one "}))),
                    [&server](RawConnection& connection) {
                      connection.read_request();
                      connection.send(test::raw_answer(
                          200, prediction_json("succeeded", output_json({"one ", "two"}))));
                      server.release();
                    }});
  ClientOptions options = test::options_for(server);
  options.silence_limit = std::chrono::milliseconds(50);
  RecordingSink sink;
  follow(options, server, sink);
  EXPECT_EQ(sink.text, "one two");
  EXPECT_EQ(server.count("GET /stream"), 1);
}

}  // namespace
}  // namespace rellama

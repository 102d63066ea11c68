#include "replicate/follow.hpp"

#include <gtest/gtest.h>

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
using test::output_json;
using test::prediction_json;
using test::RawConnection;
using test::RawServer;
using test::RecordingSink;
using test::reply;

Prediction running(const std::string& stream_url = {}, const std::string& text = {}) {
  Prediction prediction;
  prediction.id.value = "p1";
  prediction.status = Status::starting;
  prediction.stream_url = stream_url;
  if (!text.empty()) prediction.output.append(text);
  return prediction;
}

Prediction follow(RawServer& server, RecordingSink& sink, Delivery delivery = Delivery::stream,
                  const StopToken& stop = {}) {
  return client_of(server).follow(running(server.url() + "/stream"), delivery, sink, stop);
}

TEST(FollowPolls, show_only_new_text_each_time) {
  RawServer server({reply(200, prediction_json("starting")),
                    reply(200, prediction_json("processing", output_json({"", "one"}))),
                    reply(200, prediction_json("processing", output_json({"", "one"}))),
                    reply(200, prediction_json("succeeded", output_json({"", "one", " two"})))});
  RecordingSink sink;
  EXPECT_EQ(follow(server, sink, Delivery::poll).output.piece_count(), 3U);
  EXPECT_EQ(sink.pieces, (std::vector{"one"s, " two"s}));
  EXPECT_EQ(sink.log, (std::vector{"starting"s, "processing"s, "succeeded"s, "done succeeded"s}));
  EXPECT_EQ(server.count("GET /v1/predictions/p1"), 4);
}

TEST(FollowPolls, work_for_a_model_without_a_stream) {
  RawServer server({reply(200, prediction_json("succeeded", output_json({"Hi"})))});
  RecordingSink sink;
  client_of(server).follow(running(), Delivery::stream, sink);
  EXPECT_EQ(sink.text, "Hi");
}

TEST(FollowPolls, end_at_every_terminal_status_and_at_no_other) {
  for (const std::string status : {"succeeded", "failed", "canceled", "aborted", "successful"}) {
    RawServer server({reply(200, prediction_json("queued")),
                      reply(200, prediction_json("processing")),
                      reply(200, prediction_json(status, ",\"error\":\"why\""))});
    RecordingSink sink;
    const Prediction prediction = follow(server, sink, Delivery::poll);
    EXPECT_EQ(prediction.status_text, status);
    EXPECT_EQ(prediction.error, "why");
    EXPECT_EQ(server.requests().size(), 3U) << status;
  }
}

TEST(FollowPolls, a_prediction_that_has_ended_is_not_polled) {
  RawServer server;
  Prediction over = running(server.url() + "/stream", "done before");
  over.status = Status::succeeded;
  RecordingSink sink;
  client_of(server).follow(over, Delivery::stream, sink);
  EXPECT_EQ(sink.text, "done before");
  EXPECT_EQ(sink.log, (std::vector{"succeeded"s, "done succeeded"s}));
  EXPECT_EQ(server.connections(), 0);
}

TEST(FollowPolls, a_complete_output_still_marked_processing_is_polled_once_more) {
  RawServer server({reply(200, prediction_json("succeeded", output_json({"all of it"})))});
  Prediction waited = running({}, "all of it");
  waited.status = Status::processing;
  RecordingSink sink;
  EXPECT_EQ(client_of(server).follow(waited, Delivery::poll, sink).status, Status::succeeded);
  EXPECT_EQ(sink.text, "all of it");
}

TEST(FollowPolls, output_that_is_not_text_is_not_shown_as_text) {
  RawServer server({reply(200, prediction_json("succeeded", R"(,"output":{"a":1})"))});
  RecordingSink sink;
  EXPECT_EQ(follow(server, sink, Delivery::poll).output.json(), R"({"a":1})");
  EXPECT_EQ(sink.text, "");
}

TEST(FollowPolls, output_that_shrinks_or_changes_is_never_presented_as_complete) {
  RawServer server({reply(200, prediction_json("processing", output_json({"one two"}))),
                    reply(200, prediction_json("succeeded", output_json({"one too"})))});
  RecordingSink sink;
  EXPECT_EQ(error_of([&] { return follow(server, sink, Delivery::poll); }).kind(),
            ErrorKind::incomplete);
  EXPECT_EQ(sink.text, "one two");
}

TEST(FollowPolls, a_broken_response_is_requested_again) {
  RawServer server({[](RawConnection& connection) {
                      connection.read_request();
                      connection.reset();
                    },
                    reply(200, prediction_json("succeeded", output_json({"Hi"})))});
  RecordingSink sink;
  follow(server, sink, Delivery::poll);
  EXPECT_EQ(sink.text, "Hi");
}

TEST(FollowPolls, the_error_for_an_invalid_response_names_the_prediction) {
  RawServer server({reply(200, "<html>maintenance</html>")});
  RecordingSink sink;
  const Error error = error_of([&] { return follow(server, sink, Delivery::poll); });
  EXPECT_EQ(error.kind(), ErrorKind::server);
  EXPECT_TRUE(holds(error.what(), "an HTML page"));
  EXPECT_TRUE(holds(error.what(), "(prediction p1)"));
}

TEST(FollowPolls, an_object_whose_id_cannot_be_read_is_still_that_of_the_prediction) {
  for (const std::string id : {"", R"("id":5,)", R"("id":null,)", R"("id":"",)"}) {
    RawServer server({reply(200, "{" + id + R"("status":"processing","output":["Hel"]})"),
                      reply(200, "{" + id + R"("status":"succeeded","output":["Hel","lo"]})")});
    RecordingSink sink;
    EXPECT_EQ(follow(server, sink, Delivery::poll).id.value, "p1") << id;
    EXPECT_EQ(sink.text, "Hello") << id;
  }
}

TEST(FollowPolls, an_object_without_an_id_and_a_status_is_no_prediction) {
  RawServer server({reply(200, R"({"detail":"try again"})")});
  RecordingSink sink;
  EXPECT_EQ(error_of([&] { return follow(server, sink, Delivery::poll); }).kind(),
            ErrorKind::server);
}

TEST(FollowPolls, a_stop_ends_them_with_the_reason_and_the_prediction_id) {
  StopSource source;
  RawServer server(
      {reply(200, prediction_json("processing")), [&source](RawConnection& connection) {
         connection.read_request();
         source.request(ErrorKind::deadline);
         connection.hold();
       }});
  RecordingSink sink;
  const Error error =
      error_of([&] { return follow(server, sink, Delivery::poll, source.token()); });
  EXPECT_EQ(error.kind(), ErrorKind::deadline);
  EXPECT_EQ(error.parts().prediction_id, "p1");
}

TEST(FollowPolls, after_a_stop_between_two_polls_there_are_no_more_polls) {
  RawServer server({reply(200, prediction_json("processing", output_json({"one"}))),
                    reply(200, prediction_json("succeeded", output_json({"one"})))});
  StopSource source;
  class StoppingSink : public RecordingSink {
   public:
    explicit StoppingSink(StopSource& source) : source_(source) {}
    void output(std::string_view) override { source_.request(ErrorKind::output_closed); }

   private:
    StopSource& source_;
  } sink(source);
  EXPECT_EQ(error_of([&] { return follow(server, sink, Delivery::poll, source.token()); }).kind(),
            ErrorKind::output_closed);
  EXPECT_EQ(server.requests().size(), 1U);
}

}  // namespace
}  // namespace rellama

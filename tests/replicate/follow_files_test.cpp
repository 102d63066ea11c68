// Outputs that are not text, however they are received: docs/decisions/0008.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "replicate/fixture.hpp"
#include "support/expect_error.hpp"

namespace rellama {
namespace {

using namespace std::string_literals;
using test::client_of;
using test::kStreamHead;
using test::output_json;
using test::prediction_json;
using test::RawServer;
using test::RecordingSink;
using test::reply;
using test::stream_json;

using Pieces = std::vector<std::string>;

const std::string kDelivery = "https://replicate.delivery/pbxt/a/out-0.png";
const std::string kElsewhere = "https://cdn.example.com/b.png";

std::string events(const Pieces& pieces) {
  std::string stream = kStreamHead;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    stream += "event: output\nid: " + std::to_string(i) + ":0\ndata: " + pieces[i] + "\n\n";
  }
  return stream + "event: done\ndata: {}\n\n";
}

Prediction running(const std::string& stream, OutputKind kind) {
  Prediction prediction;
  prediction.id.value = "p1";
  prediction.status = Status::starting;
  prediction.stream_url = stream;
  prediction.output_kind = kind;
  return prediction;
}

struct Home {
  Prediction prediction;
  std::string shown;
};

Home streamed(const Pieces& pieces, OutputKind kind = OutputKind::unknown) {
  RawServer server(
      {reply(events(pieces)), reply(200, prediction_json("succeeded", output_json(pieces)))});
  RecordingSink sink;
  Prediction prediction =
      client_of(server).follow(running(server.url() + "/s", kind), Delivery::stream, sink);
  return {std::move(prediction), sink.text};
}

// One piece more each time.
Home polled(const Pieces& pieces, OutputKind kind = OutputKind::unknown) {
  RawServer server;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const Pieces some(pieces.begin(), pieces.begin() + static_cast<std::ptrdiff_t>(i));
    server.then(reply(200, prediction_json("processing", output_json(some))));
  }
  server.then(reply(200, prediction_json("succeeded", output_json(pieces))));
  RecordingSink sink;
  Prediction prediction = client_of(server).follow(running("", kind), Delivery::poll, sink);
  return {std::move(prediction), sink.text};
}

void expect_files(const Home& home, const Pieces& urls) {
  EXPECT_EQ(home.prediction.output.files(), urls);
  EXPECT_EQ(home.prediction.output.text(), "");
  EXPECT_EQ(home.shown, "");
}

void expect_text(const Home& home, const std::string& text) {
  EXPECT_EQ(home.prediction.output.text(), text);
  EXPECT_TRUE(home.prediction.output.files().empty());
  EXPECT_EQ(home.prediction.output.json(), "");
  EXPECT_EQ(home.shown, text);
}

TEST(FollowFiles, several_complete_urls_are_files_on_any_host) {
  const Pieces urls{kElsewhere, kDelivery, "data:image/png;base64,AA=="};
  expect_files(streamed(urls), urls);
  expect_files(polled(urls), urls);
  EXPECT_EQ(polled(urls).prediction.output.json(),
            R"([")" + urls[0] + R"(",")" + urls[1] + R"(",")" + urls[2] + R"("])");
}

TEST(FollowFiles, a_single_url_is_a_file_where_replicate_stores_files) {
  for (const std::string& url :
       {kDelivery, "https://replicate.delivery/x"s, "data:image/png;base64,AA=="s}) {
    expect_files(streamed({url}), {url});
    expect_files(polled({url}), {url});
  }
}

TEST(FollowFiles, a_single_url_anywhere_else_is_text) {
  for (const std::string& url :
       {kElsewhere, "https://replicate.delivery.example.com/x"s, "http://replicate.delivery/x"s}) {
    expect_text(streamed({url}), url);
    expect_text(polled({url}), url);
  }
}

TEST(FollowFiles, a_url_split_into_tokens_or_between_words_is_text) {
  for (const Pieces& pieces :
       {Pieces{"https", "://", "replicate", ".delivery", "/x"}, Pieces{kDelivery, " is", " it"},
        Pieces{kDelivery, "/more"}, Pieces{"", kDelivery}, Pieces{"See ", kDelivery},
        Pieces{kDelivery, ""}}) {
    std::string text;
    for (const std::string& piece : pieces) text += piece;
    expect_text(streamed(pieces), text);
    expect_text(polled(pieces), text);
  }
}

TEST(FollowValues, are_shown_once_whether_they_were_streamed_or_not) {
  const std::string value = "[{\"w\": \"a\"},3,true]";
  // The catalogue takes every model for a language model.
  for (const OutputKind kind : {OutputKind::unknown, OutputKind::text}) {
    RawServer server({reply(events({R"({"w": "a"})", "3", "true"})),
                      reply(200, prediction_json("succeeded", R"(,"output":)" + value))});
    RecordingSink sink;
    const Prediction prediction =
        client_of(server).follow(running(server.url() + "/s", kind), Delivery::stream, sink);
    EXPECT_EQ(prediction.output.json(), R"([{"w":"a"},3,true])");
    EXPECT_EQ(sink.text, "");
  }
}

Home streamed_and_stored(const Pieces& pieces, const std::string& stored) {
  RawServer server(
      {reply(events(pieces)), reply(200, prediction_json("succeeded", ",\"output\":" + stored))});
  RecordingSink sink;
  Prediction prediction = client_of(server).follow(
      running(server.url() + "/s", OutputKind::unknown), Delivery::stream, sink);
  return {std::move(prediction), sink.text};
}

TEST(FollowValues, of_an_unknown_model_are_shown_once_however_they_are_cut_or_written) {
  const std::string object = R"({"text":"hi"})";
  for (const Pieces& pieces :
       {Pieces{"{", "\"te", "xt\": \"hi\"}"}, Pieces{"{'text': ", "'hi'}"}}) {
    const Home home = streamed_and_stored(pieces, object);
    EXPECT_EQ(home.prediction.output.json(), object);
    EXPECT_EQ(home.shown, "");
  }
  EXPECT_EQ(streamed_and_stored({"True"}, "true").shown, "");
  EXPECT_EQ(streamed_and_stored({"\"a\"", "1", "{\"b\": null}"}, R"(["a",1,{"b":null}])").shown,
            "");
}

TEST(FollowValues, text_that_begins_with_a_quotation_is_shown) {
  EXPECT_EQ(streamed_and_stored({"\"Hi", ",\" she"}, R"(["\"Hi",",\" she"])").shown, "\"Hi,\" she");
}

TEST(FollowValues, that_differ_from_the_text_that_was_shown_are_an_error) {
  const Error error = error_of([] { streamed_and_stored({"Hello", " you"}, R"({"text":"hi"})"); });
  EXPECT_EQ(error.kind(), ErrorKind::incomplete);
}

TEST(FollowValues, text_that_begins_like_json_is_text) {
  for (const Pieces& pieces :
       {Pieces{"1", ".", " First"}, Pieces{"{", "a", "}"}, Pieces{"42"}, Pieces{"4", "2"},
        Pieces{"true", " enough"}, Pieces{"[Verse", " 1]"}, Pieces{"True", " story"}}) {
    std::string text;
    for (const std::string& piece : pieces) text += piece;
    for (const OutputKind kind : {OutputKind::unknown, OutputKind::text}) {
      expect_text(streamed(pieces, kind), text);
      expect_text(polled(pieces, kind), text);
    }
  }
}

TEST(FollowFiles, a_known_schema_decides) {
  expect_text(streamed({kDelivery, kDelivery}, OutputKind::text), kDelivery + kDelivery);
  expect_text(polled({kDelivery, kDelivery}, OutputKind::text), kDelivery + kDelivery);
  expect_files(streamed({kElsewhere}, OutputKind::files), {kElsewhere});
  expect_files(polled({kElsewhere}, OutputKind::files), {kElsewhere});
}

TEST(FollowFiles, a_list_of_strings_that_is_not_text_stays_a_list) {
  for (const Home& home :
       {streamed({"cat", "dog"}, OutputKind::values), polled({"cat", "dog"}, OutputKind::values)}) {
    EXPECT_EQ(home.prediction.output.json(), R"(["cat","dog"])");
    EXPECT_EQ(home.shown, "");
  }
}

TEST(FollowFiles, strings_that_the_schema_calls_files_but_are_not_urls_are_never_fetched) {
  const Home home = polled({"file:///etc/passwd"}, OutputKind::files);
  EXPECT_TRUE(home.prediction.output.files().empty());
  EXPECT_EQ(home.prediction.output.json(), R"(["file:///etc/passwd"])");
}

TEST(FollowFiles, one_string_stays_one_string) {
  RawServer server({reply(200, prediction_json("succeeded", ",\"output\":\"" + kDelivery + "\""))});
  RecordingSink sink;
  const Prediction prediction =
      client_of(server).follow(running("", OutputKind::unknown), Delivery::poll, sink);
  EXPECT_EQ(prediction.output.files(), Pieces{kDelivery});
  EXPECT_EQ(prediction.output.json(), "\"" + kDelivery + "\"");
}

TEST(FollowFiles, a_stream_broken_between_two_files_duplicates_none) {
  const Pieces urls{kElsewhere, kDelivery};
  const std::string whole = events(urls);
  RawServer server({reply(whole.substr(0, whole.find("id: 1:0"))),
                    reply(200, prediction_json("processing", output_json({urls[0]}))), reply(whole),
                    reply(200, prediction_json("succeeded", output_json(urls)))});
  RecordingSink sink;
  const Prediction prediction = client_of(server).follow(
      running(server.url() + "/s", OutputKind::unknown), Delivery::stream, sink);
  expect_files({prediction, sink.text}, urls);
}

TEST(FollowFiles, if_the_object_lost_its_files_those_of_the_stream_are_used) {
  const Pieces urls{kElsewhere, kDelivery};
  RawServer server(
      {reply(events(urls)), reply(200, prediction_json("succeeded", R"(,"output":null)"))});
  RecordingSink sink;
  const Prediction prediction = client_of(server).follow(
      running(server.url() + "/s", OutputKind::unknown), Delivery::stream, sink);
  expect_files({prediction, sink.text}, urls);
}

TEST(FollowFiles, if_a_run_ends_early_the_pieces_received_are_shown_one_per_line) {
  RawServer server({reply(events({kElsewhere, kDelivery})), reply(404, "{}")});
  RecordingSink sink;
  const Error error = test::error_of([&] {
    client_of(server).follow(running(server.url() + "/s", OutputKind::unknown), Delivery::stream,
                             sink);
  });
  EXPECT_EQ(error.kind(), ErrorKind::incomplete);
  EXPECT_EQ(sink.text, kElsewhere + "\n" + kDelivery);
}

TEST(FollowFiles, a_prediction_read_later_has_its_files) {
  RawServer server({reply(200, prediction_json("succeeded", output_json({kDelivery})))});
  EXPECT_EQ(client_of(server).get(PredictionId{"p1"}).output.files(), Pieces{kDelivery});
}

}  // namespace
}  // namespace rellama

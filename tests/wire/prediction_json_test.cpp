#include "wire/prediction_json.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "support/expect_error.hpp"

namespace rellama::wire {
namespace {

// A prediction with these fields beside its id.
Prediction parse_with(const std::string& fields) {
  return parse_prediction(R"({"id":"x1",)" + fields + "}");
}

TEST(PredictionJson, a_current_finished_prediction_is_parsed_completely) {
  const Prediction prediction = parse_prediction(R"({
    "completed_at": "2025-02-03T04:05:09.123456Z", "created_at": "2025-02-03T04:05:06.5Z",
    "data_removed": false, "error": null, "id": "q5w0e8k3ndrm60ck1x2b4t7h9a",
    "input": {"top_k": 50, "prompt": "Hi \u2615", "debug": false},
    "logs": "one\r\ntwo 50%|##  |\n", "metrics": {"predict_time": 2e-06, "total_time": 1.5},
    "model": "meta/llama-2-70b-chat", "output": ["", " Well", ",", " hello"], "source": "api",
    "started_at": "2025-02-03T04:05:07Z", "status": "succeeded",
    "urls": {"cancel": "https://h/c", "get": "https://h/g", "stream": "https://h/s",
             "web": "https://h/w"},
    "version": "hidden"})"
                                                 "\n");
  EXPECT_EQ(prediction.id.value, "q5w0e8k3ndrm60ck1x2b4t7h9a");
  EXPECT_EQ(prediction.model, "meta/llama-2-70b-chat");
  EXPECT_EQ(prediction.version, "hidden");
  EXPECT_EQ(prediction.status, Status::succeeded);
  EXPECT_EQ(prediction.status_text, "succeeded");
  EXPECT_EQ(prediction.input.text, R"({"top_k":50,"prompt":"Hi ☕","debug":false})");
  EXPECT_EQ(prediction.output.text(), " Well, hello");
  EXPECT_EQ(prediction.output.piece_count(), 4U);
  EXPECT_EQ(prediction.error, "");
  EXPECT_EQ(prediction.logs, "one\r\ntwo 50%|##  |\n");
  EXPECT_EQ(prediction.metrics.text, R"({"predict_time":2e-06,"total_time":1.5})");
  EXPECT_EQ(prediction.created_at, "2025-02-03T04:05:06.5Z");
  EXPECT_EQ(prediction.started_at, "2025-02-03T04:05:07Z");
  EXPECT_EQ(prediction.completed_at, "2025-02-03T04:05:09.123456Z");
  EXPECT_EQ(prediction.get_url, "https://h/g");
  EXPECT_EQ(prediction.cancel_url, "https://h/c");
  EXPECT_EQ(prediction.stream_url, "https://h/s");
  EXPECT_FALSE(prediction.data_removed);
}

TEST(PredictionJson, a_new_prediction_of_2023_without_output_model_or_stream_is_parsed) {
  const Prediction prediction = parse_prediction(
      R"({"id":"kq3xv5mzbrh4dnyalw7ecj2s6u","version":"d-0a1b","input":{"prompt":"Hi"},"logs":"",)"
      R"("error":null,"status":"starting","created_at":"2023-11-20T10:20:30.12345678Z",)"
      R"("urls":{"cancel":"https://h/c","get":"https://h/g"}})");
  EXPECT_EQ(prediction.status, Status::starting);
  EXPECT_TRUE(prediction.output.empty());
  EXPECT_EQ(prediction.model, "");
  EXPECT_EQ(prediction.stream_url, "");
  EXPECT_EQ(prediction.metrics.text, "");
  EXPECT_EQ(prediction.completed_at, "");
}

TEST(PredictionJson, an_id_is_enough) {
  const Prediction prediction = parse_prediction(R"({"id":"x"})");
  EXPECT_EQ(prediction.id.value, "x");
  EXPECT_EQ(prediction.status, Status::unknown);
  EXPECT_EQ(prediction.status_text, "");
  EXPECT_TRUE(prediction.output.empty());
  EXPECT_EQ(prediction.get_url, "");
}

TEST(PredictionJson, null_is_equivalent_to_absent_everywhere) {
  const Prediction prediction = parse_with(
      R"("model":null,"version":null,"status":null,"input":null,"output":null,"error":null,)"
      R"("logs":null,"metrics":null,"created_at":null,"started_at":null,"completed_at":null,)"
      R"("urls":null,"data_removed":null,"webhook":null,"deadline":null)");
  EXPECT_EQ(prediction.status, Status::unknown);
  EXPECT_EQ(prediction.input.text, "");
  EXPECT_TRUE(prediction.output.empty());
  EXPECT_EQ(prediction.output.json(), "");
  EXPECT_EQ(prediction.error, "");
  EXPECT_EQ(prediction.logs, "");
  EXPECT_EQ(prediction.metrics.text, "");
  EXPECT_FALSE(prediction.data_removed);
}

TEST(PredictionJson, a_field_of_an_unexpected_type_is_ignored) {
  const Prediction prediction =
      parse_with(R"("model":7,"version":[],"status":false,"input":"text","logs":{},"metrics":[1],)"
                 R"("created_at":1700000000,"urls":"https://h/","data_removed":"true")");
  EXPECT_EQ(prediction.model, "");
  EXPECT_EQ(prediction.status, Status::unknown);
  EXPECT_EQ(prediction.input.text, "");
  EXPECT_EQ(prediction.logs, "");
  EXPECT_EQ(prediction.metrics.text, "");
  EXPECT_EQ(prediction.created_at, "");
  EXPECT_EQ(prediction.get_url, "");
  EXPECT_FALSE(prediction.data_removed);
  EXPECT_EQ(parse_with(R"("urls":{"get":null,"cancel":1,"stream":{}})").get_url, "");
}

TEST(PredictionJson, every_status_is_distinguished_and_keeps_its_spelling) {
  const std::vector<std::pair<std::string, Status>> cases{
      {"starting", Status::starting},   {"processing", Status::processing},
      {"succeeded", Status::succeeded}, {"successful", Status::succeeded},
      {"failed", Status::failed},       {"canceled", Status::canceled},
      {"aborted", Status::aborted},     {"paused", Status::unknown},
  };
  for (const auto& [word, status] : cases) {
    const Prediction prediction = parse_with(R"("status":")" + word + "\"");
    EXPECT_EQ(prediction.status, status) << word;
    EXPECT_EQ(prediction.status_text, word);
  }
}

TEST(PredictionJson, output_is_text_as_one_string_or_in_pieces) {
  EXPECT_EQ(parse_with(R"("output":"Hello")").output.text(), "Hello");
  EXPECT_EQ(parse_with(R"("output":["Hel","","lo"])").output.text(), "Hello");
  EXPECT_EQ(parse_with(R"("output":["Hel","","lo"])").output.piece_count(), 3U);
  EXPECT_EQ(parse_with(R"("output":["\ud83e\udd99\u0000\n"])").output.text(),
            std::string("\xF0\x9F\xA6\x99\0\n", 6));
}

TEST(PredictionJson, an_empty_list_is_not_output_but_a_list_of_an_empty_string_is) {
  EXPECT_TRUE(parse_with(R"("output":[])").output.empty());
  EXPECT_FALSE(parse_with(R"("output":[""])").output.empty());
  EXPECT_FALSE(parse_with(R"("output":"")").output.empty());
}

TEST(PredictionJson, output_that_is_not_text_is_kept_as_json_in_order) {
  EXPECT_EQ(parse_with(R"("output":{"z":1,"a":[2.5,null]})").output.json(),
            R"({"z":1,"a":[2.5,null]})");
  EXPECT_EQ(parse_with(R"("output":["a",1])").output.json(), R"(["a",1])");
  EXPECT_EQ(parse_with(R"("output":[["a"]])").output.json(), R"([["a"]])");
  EXPECT_EQ(parse_with(R"("output":7)").output.json(), "7");
  EXPECT_EQ(parse_with(R"("output":false)").output.json(), "false");
  EXPECT_EQ(parse_with(R"("output":["a",1])").output.text(), "");
}

TEST(PredictionJson, an_error_may_be_text_null_or_any_json) {
  EXPECT_EQ(parse_with(R"("error":"")").error, "");
  EXPECT_EQ(parse_with(R"("error":"out of memory")").error, "out of memory");
  EXPECT_EQ(parse_with(R"("error":{"code":"E1001"})").error, R"({"code":"E1001"})");
}

TEST(PredictionJson, times_keep_their_digits) {
  for (const std::string& time :
       {std::string("2025-01-02T03:04:05Z"), std::string("2025-01-02T03:04:05.678Z"),
        std::string("2025-01-02T03:04:05.678901Z"),
        std::string("2025-01-02T03:04:05.678901234Z")}) {
    EXPECT_EQ(parse_with(R"("created_at":")" + time + "\"").created_at, time);
  }
}

TEST(PredictionJson, metrics_keep_every_number_as_it_was) {
  const std::string metrics =
      R"({"predict_time":2e-06,"input_token_count":18,"tokens_per_second":42.25,"odd":{"a":[]}})";
  EXPECT_EQ(parse_with(R"("metrics":)" + metrics).metrics.text, metrics);
}

TEST(PredictionJson, removed_data_is_marked_as_removed) {
  EXPECT_TRUE(parse_with(R"("data_removed":true,"output":null,"input":{})").data_removed);
}

TEST(PredictionJson, unknown_keys_are_ignored) {
  EXPECT_EQ(parse_with(R"("brand_new":{"a":[{}]},"status":"failed","":0)").status, Status::failed);
}

TEST(PredictionJson, json_that_is_not_a_prediction_is_a_server_error) {
  for (const std::string& bad :
       {std::string(), std::string("\n"), std::string("{"), std::string(R"({"id":"x")"),
        std::string(R"({"id":"x"}})"), std::string(R"({"id":"x","output":["a)"), std::string("[]"),
        std::string("null"), std::string("42"), std::string("\"x\""), std::string("{}"),
        std::string(R"({"id":""})"), std::string(R"({"id":null})"), std::string(R"({"id":7})"),
        std::string("<html></html>"), std::string(R"({'id':'x'})"),
        std::string("{\"id\":\"x\",\"logs\":\"\xFF\"}"), std::string("\0", 1)}) {
    const Error error = test::error_of([&] { return parse_prediction(bad); });
    EXPECT_EQ(error.kind(), ErrorKind::server) << bad;
    EXPECT_TRUE(test::holds(error.what(), "cannot read the server's response")) << bad;
  }
}

TEST(PredictionJson, a_truncated_prediction_is_never_accepted) {
  const std::string whole =
      R"({"id":"x","status":"succeeded","output":["a","b"],"urls":{"get":"https://h/"}})";
  EXPECT_NO_THROW((void)parse_prediction(whole));
  for (std::size_t length = 0; length < whole.size(); ++length) {
    EXPECT_EQ(test::error_of([&] { return parse_prediction(whole.substr(0, length)); }).kind(),
              ErrorKind::server)
        << length;
  }
}

TEST(PredictionJson, nesting_that_could_exhaust_the_stack_is_rejected) {
  const auto nested = [](std::size_t levels) {
    return R"({"id":"x","output":)" + std::string(levels, '[') + std::string(levels, ']') + "}";
  };
  EXPECT_NO_THROW((void)parse_prediction(nested(100)));
  for (const std::size_t levels : {std::size_t{200}, std::size_t{5'000}, std::size_t{1'000'000}}) {
    const Error error = test::error_of([&] { return parse_prediction(nested(levels)); });
    EXPECT_EQ(error.kind(), ErrorKind::server);
    EXPECT_TRUE(test::holds(error.what(), "nested too deeply"));
  }
  EXPECT_EQ(test::error_of([] { return parse_prediction(std::string(100'000, '[')); }).kind(),
            ErrorKind::server);
  std::string objects;
  for (int i = 0; i < 10'000; ++i) objects += R"({"id":)";
  EXPECT_EQ(test::error_of([&] { return parse_prediction(objects); }).kind(), ErrorKind::server);
}

TEST(PredictionPageJson, a_page_has_its_results_in_order_and_the_next_cursor) {
  const PredictionPage page = parse_prediction_page(
      R"({"previous":null,"next":"https://h/v1/predictions?cursor=abc",)"
      R"("results":[{"id":"b","status":"failed","source":"web"},{"id":"a"}]})");
  ASSERT_EQ(page.results.size(), 2U);
  EXPECT_EQ(page.results[0].id.value, "b");
  EXPECT_EQ(page.results[0].status, Status::failed);
  EXPECT_EQ(page.results[1].id.value, "a");
  EXPECT_EQ(page.next, "https://h/v1/predictions?cursor=abc");
}

TEST(PredictionPageJson, the_last_page_has_no_next_cursor) {
  EXPECT_EQ(parse_prediction_page(R"({"next":null,"results":[]})").next, "");
  EXPECT_EQ(parse_prediction_page(R"({"results":[]})").next, "");
  EXPECT_TRUE(parse_prediction_page(R"({"next":null,"results":[]})").results.empty());
}

TEST(PredictionPageJson, json_that_is_not_a_page_is_a_server_error_not_an_empty_list) {
  for (const std::string bad :
       {"", "[]", "null", "7", "\"x\"", R"({"results":[{}]})", R"({"results":[7]})",
        R"({"results":"x"})", R"({"results":{"a":7}})", R"({"results":[)"}) {
    EXPECT_EQ(test::error_of([&] { return parse_prediction_page(bad); }).kind(), ErrorKind::server)
        << bad;
  }
}

TEST(PredictionJson, if_output_appears_twice_the_last_one_wins) {
  EXPECT_EQ(parse_prediction(R"({"id":"a","output":["one"],"output":["two"]})").output.text(),
            "two");
  EXPECT_TRUE(parse_prediction(R"({"id":"a","output":["one"],"output":null})").output.empty());
  EXPECT_EQ(parse_prediction(R"({"id":"a","output":[1],"output":["two"]})").output.text(), "two");
  EXPECT_EQ(parse_prediction(R"({"id":"a","output":["one"],"output":[2]})").output.json(), "[2]");
}

TEST(PredictionJson, if_any_other_field_appears_twice_the_last_one_wins) {
  const Prediction prediction = parse_prediction(
      R"({"id":"a","id":"b","status":"failed","status":"succeeded","logs":"one","logs":null,)"
      R"("error":"one","error":null,"input":{"a":1},"input":"two","metrics":[1],"metrics":{"b":2},)"
      R"("data_removed":true,"data_removed":1,"urls":{"get":"https://h/1","stream":"https://h/s"},)"
      R"("urls":{"get":"https://h/2","get":"https://h/3"}})");
  EXPECT_EQ(prediction.id.value, "b");
  EXPECT_EQ(prediction.status, Status::succeeded);
  EXPECT_EQ(prediction.logs, "");
  EXPECT_EQ(prediction.error, "");
  EXPECT_EQ(prediction.input.text, "");
  EXPECT_EQ(prediction.metrics.text, R"({"b":2})");
  EXPECT_FALSE(prediction.data_removed);
  EXPECT_EQ(prediction.get_url, "https://h/3");
  EXPECT_EQ(prediction.stream_url, "");
}

TEST(PredictionJson, unknown_fields_are_skipped_with_everything_in_them) {
  const Prediction prediction = parse_prediction(
      R"({"new":{"id":"b","output":["no"],"deep":[[{"status":"failed"}]]},"id":"a","list":[1,"x"],)"
      R"("output":["yes"],"more":null,"status":"succeeded"})");
  EXPECT_EQ(prediction.id.value, "a");
  EXPECT_EQ(prediction.output.text(), "yes");
  EXPECT_EQ(prediction.status, Status::succeeded);
}

TEST(PredictionJson, too_many_values_are_rejected) {
  std::string json = R"({"id":"a","input":{"x":[0)";
  for (int i = 0; i < 1'100'000; ++i) json += ",0";
  json += "]}}";
  const Error error = test::error_of([&] { (void)parse_prediction(json); });
  EXPECT_EQ(error.kind(), ErrorKind::server);
  EXPECT_TRUE(test::holds(error.what(), "too many values"));
}

// The reader of polls, and how much of the output it read anew each time.
TEST(PredictionReader, a_growing_output_is_complete_after_each_read) {
  PredictionReader reader;
  Prediction prediction;
  const auto read = [&](const std::string& output, const std::string& logs) {
    reader.read(R"({"id":"x1","logs":")" + logs + R"(","output":)" + output + "}", prediction);
    return prediction.output.text();
  };
  EXPECT_EQ(read("null", ""), "");
  EXPECT_EQ(read("[]", ""), "");
  EXPECT_EQ(read(R"(["a"])", "1"), "a");
  EXPECT_EQ(read(R"(["a","b\n"])", "1 2"), "ab\n");
  EXPECT_EQ(read(R"(["a","b\n"])", "1 2"), "ab\n");
  EXPECT_EQ(read(R"(["a","b\n","c"])", "1 2 3"), "ab\nc");
  EXPECT_EQ(prediction.output.piece_count(), 3U);
  EXPECT_EQ(prediction.logs, "1 2 3");
}

TEST(PredictionReader, a_changed_output_replaces_the_previous_one) {
  PredictionReader reader;
  Prediction prediction;
  const auto read = [&](const std::string& output) {
    reader.read(R"({"id":"x1","output":)" + output + "}", prediction);
    return prediction.output.text() + prediction.output.json();
  };
  EXPECT_EQ(read(R"(["a","b"])"), "ab");
  EXPECT_EQ(read(R"(["x","b"])"), "xb");
  EXPECT_EQ(read(R"(["x","bc"])"), "xbc");
  EXPECT_EQ(read(R"(["x"])"), "x");
  EXPECT_EQ(read(R"("text")"), "text");
  EXPECT_EQ(read(R"({"a":1})"), R"({"a":1})");
  EXPECT_EQ(read(R"([1])"), "[1]");
  EXPECT_EQ(read(R"(["a"])"), "a");
  EXPECT_EQ(read("null"), "");
  EXPECT_EQ(read(R"(["a"])"), "a");
  reader.read(R"({"id":"x1"})", prediction);
  EXPECT_TRUE(prediction.output.empty());
}

TEST(PredictionReader, unreadable_json_is_left_to_the_caller) {
  PredictionReader reader;
  Prediction prediction;
  reader.read(R"({"id":"x1","output":["a"]})", prediction);
  std::string broken = R"({"id":"x1","output":["a","b"],})";
  EXPECT_EQ(test::error_of([&] { reader.read(std::move(broken), prediction); }).kind(),
            ErrorKind::server);
  EXPECT_EQ(broken, R"({"id":"x1","output":["a","b"],})");
  reader.read(R"({"id":"x1","output":["a","b","c"]})", prediction);
  EXPECT_EQ(prediction.output.text(), "abc");
}

TEST(PredictionJson, the_output_member_is_found_wherever_it_is) {
  EXPECT_EQ(parse_with(R"("input":{"output":["no"]},"logs":"\"output\":[\"no\"]","output":["a"])")
                .output.text(),
            "a");
  EXPECT_EQ(parse_with(R"("error":"output","output" : [ "a" , "b" ] , "metrics":{})").output.text(),
            "ab");
  EXPECT_EQ(parse_with(R"("outp\u0075t":["a"])").output.text(), "a");
  EXPECT_EQ(parse_with(R"("output":["a"],"outp\u0075t":["b"])").output.text(), "b");
  EXPECT_EQ(parse_with(R"("output":["a"],"output":["b"])").output.text(), "b");
}

TEST(PredictionJson, invalid_json_around_the_output_is_rejected) {
  for (const std::string json :
       {R"({"id":"x1","output":["a"])", R"({"id":"x1","output":["a"]}})",
        R"({"id":"x1" "output":["a"]})", R"({"id":"x1",,"output":["a"]})",
        R"({"id":"x1","output":["a"]"b"})", R"({"id":"x1","output":["a"]["b"]})",
        R"([{"id":"x1","output":["a"]}])", R"({"id":"x1","output"["a"]})",
        R"({"id":"x1","output":["a"],"new":[}]})", R"({"id":"x1","output":["a"],"new":tru})",
        R"({"id":"x1","output":["a"],"input":{"a":01}})", R"({"id":"x1","output":["a"]} x)"}) {
    EXPECT_EQ(test::error_of([&] { (void)parse_prediction(json); }).kind(), ErrorKind::server)
        << json;
  }
}

}  // namespace
}  // namespace rellama::wire

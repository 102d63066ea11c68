#include "wire/prediction_members.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace rellama::wire {
namespace {

std::optional<Prediction> read(const std::string& json) {
  Prediction prediction;
  if (!read_prediction_members(json, {}, prediction)) return std::nullopt;
  return prediction;
}

TEST(PredictionMembers, what_replicate_sends_needs_no_general_parser) {
  for (const std::string fields :
       {R"("output":null,"status":"starting","input":{"prompt":"Hi","top_p":0.9},"logs":"",)"
        R"("urls":{"get":"https://h/g","web":"https://h/w"},"data_removed":false,"source":"api")",
        R"("output":["a","\n"],"status":"succeeded","error":null,"metrics":{"predict_time":2e-06})",
        R"("output":"https://h/file.png","status":"succeeded","error":"","webhook":null)",
        R"("status":"failed","error":"out of memory","logs":"one\r\ntwo 50%|##  |\n")",
        R"("status":"failed","error":{"code":"E1001"},"deadline":"2025-01-01T00:00:00Z")"}) {
    EXPECT_TRUE(read(R"({"id":"x1",)" + fields + "}")) << fields;
  }
}

TEST(PredictionMembers, output_that_is_not_text_is_left_to_the_general_parser) {
  for (const std::string output : {"7", "false", "{}", R"(["a",1])", R"([["a"]])"}) {
    EXPECT_FALSE(read(R"({"id":"x1","output":)" + output + "}")) << output;
  }
}

TEST(PredictionMembers, compact_input_and_metrics_are_kept_as_they_were_sent) {
  const std::string text = R"({"z":1.50,"a":"é\n","n":12345678901234567890123})";
  const auto prediction = read(R"({"id":"x1","input":)" + text + R"(,"metrics":)" + text + "}");
  ASSERT_TRUE(prediction);
  EXPECT_EQ(prediction->input.text, text);
  EXPECT_EQ(prediction->metrics.text, text);
}

TEST(PredictionMembers, other_input_is_made_compact) {
  const auto prediction = read("{\"id\":\"x1\",\"input\":{\n  \"a\": \"\\u2615\\/\"\n}}");
  ASSERT_TRUE(prediction);
  EXPECT_EQ(prediction->input.text, R"({"a":"☕/"})");
}

TEST(PredictionMembers, only_the_new_items_of_a_growing_output_are_read) {
  const std::string json = R"({"id":"x1","output":["a","b","c"],"logs":""})";
  const auto read_after = [&json](std::string_view before) {
    Prediction prediction;
    prediction.output.append("known ");
    const auto items = read_prediction_members(json, before, prediction);
    EXPECT_TRUE(items);
    if (items) {
      EXPECT_EQ(json.substr(items->begin, items->end - items->begin), R"("a","b","c")");
    }
    return prediction.output.text();
  };
  EXPECT_EQ(read_after(R"("a","b")"), "known c");
  EXPECT_EQ(read_after(R"("a","b","c")"), "known ");
  EXPECT_EQ(read_after(R"("a","x")"), "abc");
  EXPECT_EQ(read_after(""), "abc");
}

TEST(PredictionMembers, text_that_is_not_utf8_is_refused_wherever_it_is) {
  for (const std::string fields :
       {"\"logs\":\"\xFF\"", "\"input\":{\"prompt\":\"\xC3\"}", "\"\xFF\":1",
        "\"new\":\"\xED\xA0\x80\"", "\"output\":[\"\xFF\"]", "\"output\":[\"a\"],\"logs\":\"\xFF\"",
        "\"logs\":\"\xFF\",\"output\":[\"a\"]"}) {
    EXPECT_FALSE(read(R"({"id":"x1",)" + fields + "}")) << fields;
  }
}

}  // namespace
}  // namespace rellama::wire

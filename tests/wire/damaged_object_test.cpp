#include "wire/damaged_object.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>

#include "rellama/error.hpp"
#include "wire/cog_json.hpp"
#include "wire/prediction_json.hpp"

namespace rellama::wire {
namespace {

using namespace std::string_literals;

constexpr const char* kAnswer = "one \"two\", {three}: \xC3\xB6";

// A prediction whose `logs`, `input` and so on are given as JSON, and the rest of which is whole.
std::string prediction_with(const std::string& input, const std::string& logs,
                            const std::string& metrics, const std::string& urls) {
  return R"({"id":"p1","model":"meta/llama","input":)" + input + R"(,"logs":)" + logs +
         R"(,"output":["one \"two\", ","{three}: ö"],"error":null,"status":"succeeded","metrics":)" +
         metrics + R"(,"urls":)" + urls + "}\n";
}

void expect_answer(const std::string& json) {
  std::string damage;
  const Prediction prediction = parse_damaged_prediction(json, damage);
  EXPECT_EQ(prediction.id.value, "p1") << json;
  EXPECT_EQ(prediction.status, Status::succeeded) << json;
  EXPECT_EQ(prediction.output.text(), kAnswer) << json;
  EXPECT_NE(damage, "") << json;
}

TEST(RepairJson, what_is_no_json_is_replaced) {
  EXPECT_EQ(repair_json("[NaN,Infinity,-Infinity,1]"), "[null,null,null,1]");
  EXPECT_EQ(repair_json(R"("NaN \ud83d \ud83d\ude00 \udc00")"),
            "\"NaN \xEF\xBF\xBD \\ud83d\\ude00 \xEF\xBF\xBD\"");
  EXPECT_EQ(repair_json("\"\xFF\xC3\xB6\xE2\x82\""),
            "\"\xEF\xBF\xBD\xC3\xB6\xEF\xBF\xBD\xEF\xBF\xBD\"");
  EXPECT_EQ(repair_json("\"a\tb\\x\""), R"("a\u0009b\\x")");
}

TEST(DamagedPrediction, damage_in_a_value_does_not_cost_the_answer) {
  for (const std::string& bad : {"NaN"s,
                                 "{\"predict_time\":NaN}"s,
                                 "{\"a\":-Infinity,\"b\":[1,NaN]}"s,
                                 R"("\ud83d")"s,
                                 "\"\xFF\xFE\""s,
                                 "\"tab\tnul\x01\""s,
                                 R"("\x41 \u12")"s,
                                 "1.2.3"s,
                                 "nope"s,
                                 "{\"a\":1"s,
                                 "[1,2"s,
                                 "\"not closed"s,
                                 "\"clo\"sed\""s,
                                 "}"s,
                                 "]"s,
                                 ""s,
                                 "{\"a\":,}"s,
                                 "01"s,
                                 "+1"s,
                                 std::string(200, '[') + std::string(200, ']')}) {
    expect_answer(prediction_with(bad, "\"\"", "{}", "{}"));
    expect_answer(prediction_with("{}", bad, "{}", "{}"));
    expect_answer(prediction_with("{}", "\"\"", bad, "{}"));
  }
}

TEST(DamagedPrediction, what_is_read_besides_is_what_was_sent) {
  const Prediction prediction =
      parse_prediction(prediction_with(R"({"prompt":"Hi"})", "\"line\xFF\"", R"({"a":NaN,"b":2})",
                                       R"({"stream":"https://s/1","get":"https://g/1"})"));
  EXPECT_EQ(prediction.input.text, R"({"prompt":"Hi"})");
  EXPECT_EQ(prediction.logs, "line\xEF\xBF\xBD");
  EXPECT_EQ(prediction.metrics.text, R"({"a":null,"b":2})");
  EXPECT_EQ(prediction.stream_url, "https://s/1");
}

TEST(DamagedPrediction, the_damage_is_named) {
  std::string damage;
  (void)parse_damaged_prediction(prediction_with("{}", "\"\"", "1.2.3", "{}"), damage);
  EXPECT_EQ(damage, "ignored: metrics");
  (void)parse_damaged_prediction(prediction_with("{}", "\"\"", "NaN", "{}"), damage);
  EXPECT_EQ(damage, "invalid values were replaced");
  (void)parse_damaged_prediction(prediction_with("{}", "\"\"", "{}", "{}"), damage);
  EXPECT_EQ(damage, "");
}

TEST(DamagedPrediction, random_bytes_in_other_fields_do_not_change_the_answer) {
  const std::string whole = prediction_with(R"({"prompt":"Hi, \"you\"","top_k":50})",
                                            R"("a log\nof \"lines\", {with}: [marks]")",
                                            R"({"predict_time":1.5,"tokens":[1,2]})", "{}");
  const auto begin = whole.find("\"Hi");
  const auto end = whole.find(",\"output\"");
  std::minstd_rand random(1);
  for (int round = 0; round < 4'000; ++round) {
    std::string json = whole;
    for (int byte = 0; byte < 3; ++byte) {
      json[begin + random() % (end - begin)] = static_cast<char>(random());
    }
    SCOPED_TRACE(json);
    Prediction prediction;
    ASSERT_NO_THROW(prediction = parse_prediction(json));
    ASSERT_EQ(prediction.output.text(), kAnswer);
    ASSERT_EQ(prediction.status, Status::succeeded);
  }
}

TEST(DamagedPrediction, without_its_status_or_output_it_is_refused) {
  for (const char* json : {R"({"id":"p1","status":"succeeded","output":["a","b)",
                           R"({"id":"p1","status":"succeeded","output":["a" "b"],"logs":""})",
                           R"({"id":"p1","status":"succeeded","output":"a"b","logs":""})",
                           R"({"id":"p1","status":succeeded,"output":"a","metrics":NaN})",
                           R"({"id":"p1","output":"a","metrics":NaN})",
                           R"({"id":"p1","status":"succeeded","metrics":NaN})",
                           R"({"id":"p1","status":"succeeded","output":"a","urls":{"get":"x"})",
                           R"({"id":NaN,"status":"succeeded","output":"a"})"}) {
    EXPECT_THROW((void)parse_prediction(json), Error) << json;
  }
}

TEST(DamagedPrediction, hostile_damage_takes_linear_time) {
  std::string json = R"({"id":"p1")";
  for (int i = 0; i < 100'000; ++i) json += R"(,"logs":[)";
  EXPECT_THROW((void)parse_prediction(json + "}"), Error);
}

TEST(DamagedPrediction, one_in_a_list_does_not_hide_the_others) {
  const auto page = parse_prediction_page(
      R"({"results":[{"id":"p1","metrics":{"a":NaN}},{"id":"p2","logs":"\ud800"}]})");
  ASSERT_EQ(page.results.size(), 2U);
  EXPECT_EQ(page.results[1].id.value, "p2");
}

TEST(DamagedPrediction, a_containers_prediction_is_read_like_one_of_the_api) {
  const Prediction prediction = parse_cog_prediction(
      R"({"status":"succeeded","output":"a","metrics":{"a":NaN},"logs":"x"y"})", "p1");
  EXPECT_EQ(prediction.output.text(), "a");
  EXPECT_EQ(prediction.status, Status::succeeded);
}

}  // namespace
}  // namespace rellama::wire

#include "wire/json_document.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "support/expect_error.hpp"
#include "wire/cog_json.hpp"
#include "wire/damaged_object.hpp"
#include "wire/prediction_json.hpp"

namespace rellama::wire {
namespace {

std::string object_of(std::size_t keys, const std::string& colon) {
  std::string object = "{";
  for (std::size_t i = 0; i < keys; ++i) {
    object += (i == 0 ? "\"k" : ",\"k") + std::to_string(i) + "\"" + colon + "0";
  }
  return object + "}";
}

std::string prediction_with(const std::string& members) {
  return R"({"id":"p1","status":"succeeded","output":["Hi"],)" + members + "}";
}

// In quadratic time, this takes minutes.
TEST(JsonDocument, an_object_of_very_many_keys_is_read) {
  const auto document = parse_document(object_of(300'000, ":"), "the answer");
  EXPECT_EQ(document.size(), 300'000U);
  EXPECT_EQ(document.back(), 0);
}

TEST(JsonDocument, too_many_values_are_refused) {
  const auto refusal = [](const std::string& json) {
    return std::string(test::error_of([&] { (void)parse_document(json, "the answer"); }).what());
  };
  EXPECT_TRUE(test::holds(refusal(object_of(600'000, ":")), "the answer contains too many values"));
  EXPECT_TRUE(find_json(object_of(600'000, ":")).is_discarded());
}

TEST(JsonDocument, is_what_the_text_says) {
  for (const char* text : {"null", "true", "-1", "18446744073709551615", "1.5", "\"a\"", "[]", "{}",
                           R"({"b":[1,{"c":null},[]],"a":{"d":"e"}})", R"([[],[{}],"x"])"}) {
    EXPECT_EQ(find_json(text), nlohmann::ordered_json::parse(text)) << text;
  }
  EXPECT_EQ(find_json(R"({"b":1,"a":2,"b":[3]})").dump(), R"({"b":[3],"a":2})");
}

TEST(JsonDocument, unwanted_members_are_left_out_whatever_they_hold) {
  const auto is_wanted = [](std::string_view name) { return name != "x"; };
  const auto document = parse_document(
      R"({"x":1,"a":{"x":2},"x":[{"x":[3]},{}],"b":[{"x":4}],"x":{"a":5}})", "it", is_wanted);
  EXPECT_EQ(document.dump(), R"({"a":{"x":2},"b":[{"x":4}]})");
}

TEST(JsonDocument, what_is_no_json_or_nested_too_deeply_is_discarded) {
  EXPECT_TRUE(find_json("{\"a\":").is_discarded());
  EXPECT_TRUE(find_json(std::string(100'000, '[') + std::string(100'000, ']')).is_discarded());
  EXPECT_EQ(find_json("[1,{\"b\":2}]").dump(), "[1,{\"b\":2}]");
}

TEST(JsonDocument, an_answer_survives_a_member_of_very_many_keys) {
  const auto expect_answer = [](const std::string& member, std::size_t keys, const char* colon) {
    std::string damage;
    const auto prediction =
        parse_damaged_prediction(prediction_with(member + object_of(keys, colon)), damage);
    EXPECT_EQ(prediction.output.text(), "Hi") << member << keys << colon;
  };
  for (const char* member : {"\"metrics\":", "\"input\":", "\"error\":", "\"unknown\":"}) {
    expect_answer(member, 20'000, ":");
  }
  expect_answer("\"metrics\":", 600'000, ": ");  // more values than are read
}

TEST(JsonDocument, an_answer_survives_very_many_members) {
  const std::string members = object_of(300'000, ":");
  const std::string json = prediction_with(members.substr(1, members.size() - 2));
  EXPECT_EQ(parse_prediction(json).output.text(), "Hi");
  const auto recovered = recover_object(json, kPredictionFields);
  ASSERT_TRUE(recovered);
  EXPECT_EQ(recovered->object.size(), 3U);
  EXPECT_EQ(parse_cog_prediction(json, "p2").output.text(), "Hi");
}

}  // namespace
}  // namespace rellama::wire

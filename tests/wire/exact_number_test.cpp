#include "wire/exact_number.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "wire/json_document.hpp"
#include "wire/prediction_json.hpp"
#include "wire/request_json.hpp"

namespace rellama::wire {
namespace {

std::string round_trip(const std::string& json) {
  return render_json(find_json(json));
}

TEST(ExactNumber, whole_numbers_of_any_size_are_rendered_as_they_were_written) {
  const std::string digits(400, '7');
  for (const std::string& json :
       {std::string("9223372036854775807"), std::string("-9223372036854775808"),
        std::string("18446744073709551615"), std::string("18446744073709551616"),
        std::string("-9223372036854775809"), std::string("12345678901234567890123"), digits,
        "[" + digits + ",-" + digits + ",{\"a\":" + digits + "}]"}) {
    EXPECT_EQ(round_trip(json), json);
  }
}

TEST(ExactNumber, numbers_that_no_double_holds_are_rendered_as_they_were_written) {
  EXPECT_EQ(round_trip("[1e400,-1.5E+999]"), "[1e400,-1.5E+999]");
}

TEST(ExactNumber, other_numbers_and_texts_stay_what_they_are) {
  const std::string json = R"(["12345678901234567890123","a\"12345678901234567890123",0.5,1e+20])";
  EXPECT_EQ(round_trip(json), json);
  EXPECT_TRUE(find_json("[12345678901234567890]")[0].is_number_unsigned());
}

TEST(ExactNumber, long_digits_that_are_no_number_are_not_json) {
  for (const std::string json : {"012345678901234567890123", "[1234567890123456789012-3]",
                                 "12345678901234567890123.", "-", "1234567890123456789012e"}) {
    EXPECT_TRUE(find_json(json).is_discarded()) << json;
  }
}

TEST(ExactNumber, a_text_that_looks_like_a_mark_is_at_worst_a_number) {
  EXPECT_EQ(round_trip(R"(["\u0000#abc"])"), R"(["\u0000#abc"])");
  EXPECT_EQ(round_trip(R"(["\u0000#],[1"])"), R"(["\u0000#],[1"])");
}

TEST(ExactNumber, json_on_several_lines_has_them_too) {
  EXPECT_EQ(render_json_lines(find_json(R"({"a":[12345678901234567890123,{}],"é":1})")),
            "{\n  \"a\": [\n    12345678901234567890123,\n    {}\n  ],\n  \"é\": 1\n}");
  EXPECT_EQ(render_json(find_json(R"(["é",12345678901234567890123])"), JsonCharset::ascii),
            R"(["\u00e9",12345678901234567890123])");
}

TEST(ExactNumber, output_metrics_and_input_of_a_prediction_are_exact) {
  const Prediction prediction = parse_prediction(
      R"({"id":"x","output": [12345678901234567890123, 1], "metrics": {"n": 12345678901234567890123},
          "input": {"seed" : 12345678901234567890123}})");
  EXPECT_EQ(prediction.output.json(), "[12345678901234567890123,1]");
  EXPECT_EQ(prediction.metrics.text, R"({"n":12345678901234567890123})");
  EXPECT_EQ(prediction.input.text, R"({"seed":12345678901234567890123})");
}

TEST(ExactNumber, inputs_are_sent_as_they_are_written) {
  EXPECT_EQ(render_input({{"n", JsonText{"[12345678901234567890123]"}}}),
            R"({"n":[12345678901234567890123]})");
  EXPECT_TRUE(same_input({R"({"n":12345678901234567890123})"},
                         {{"n", JsonText{"12345678901234567890123"}}}));
  EXPECT_FALSE(same_input({R"({"n":12345678901234567890124})"},
                          {{"n", JsonText{"12345678901234567890123"}}}));
}

TEST(ExactNumber, a_streamed_number_is_json_whatever_its_size) {
  for (const char* piece : {"12345678901234567890123", "1e400", "NaN", "-Infinity", "[NaN, 1]"}) {
    EXPECT_TRUE(is_json_but_no_string(piece)) << piece;
  }
  for (const char* piece : {"", " ", "\"a\"", "information", "nano", "1 2"}) {
    EXPECT_FALSE(is_json_but_no_string(piece)) << piece;
  }
}

}  // namespace
}  // namespace rellama::wire

#include "wire/request_json.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>

#include "core/expect_error.hpp"

namespace rellama::wire {
namespace {

TEST(RequestJson, fields_keep_their_order_and_their_types) {
  EXPECT_EQ(render_create_body({.version = "abc",
                                .input = {{"prompt", std::string("Hi")},
                                          {"debug", false},
                                          {"top_k", std::int64_t{50}},
                                          {"temperature", 0.5},
                                          {"extra", JsonText{R"({"z": [1, null], "a": true})"}}},
                                .stream = true}),
            R"({"version":"abc","input":{"prompt":"Hi","debug":false,"top_k":50,"temperature":0.5,)"
            R"("extra":{"z":[1,null],"a":true}},"stream":true})");
}

TEST(RequestJson, without_a_version_none_is_sent_as_official_models_forbid_it) {
  EXPECT_EQ(render_create_body({.version = "", .input = {{"prompt", std::string("Hi")}}}),
            R"({"input":{"prompt":"Hi"}})");
}

TEST(RequestJson, an_input_without_fields_is_still_an_object) {
  EXPECT_EQ(render_create_body({.version = "v", .input = {}}), R"({"version":"v","input":{}})");
}

TEST(RequestJson, text_is_escaped_as_json_and_otherwise_left_alone) {
  EXPECT_EQ(render_create_body(
                {.version = "",
                 .input = {{"prompt", std::string("a\"b\\c\n\t\r\x01 \xF0\x9F\xA6\x99")}}}),
            "{\"input\":{\"prompt\":\"a\\\"b\\\\c\\n\\t\\r\\u0001 \xF0\x9F\xA6\x99\"}}");
}

TEST(RequestJson, whole_numbers_of_every_size_are_exact) {
  EXPECT_EQ(render_create_body({.version = "",
                                .input = {{"a", std::numeric_limits<std::int64_t>::max()},
                                          {"b", std::numeric_limits<std::int64_t>::min()}}}),
            R"({"input":{"a":9223372036854775807,"b":-9223372036854775808}})");
}

TEST(RequestJson, numbers_are_as_short_as_they_can_be) {
  EXPECT_EQ(render_create_body({.version = "", .input = {{"a", 1.0}, {"b", 0.01}, {"c", 0.1}}}),
            R"({"input":{"a":1.0,"b":0.01,"c":0.1}})");
}

TEST(RequestJson, json_that_is_none_is_refused_by_the_name_of_its_input) {
  for (const std::string bad : {"", "{", "{'a':1}", "[1,]", "nope", "1 2"}) {
    const Error error = test::error_of([&] {
      return render_create_body({.version = "", .input = {{"extra", JsonText{bad}}}});
    });
    EXPECT_EQ(error.kind(), ErrorKind::invalid_input) << bad;
    EXPECT_TRUE(test::holds(error.what(), "'extra' is not JSON"));
  }
}

TEST(RequestJson, json_values_of_every_kind_pass) {
  for (const std::string good : {"null", "7", "\"x\"", "[]", "{}", "true", "-1.5e-05"}) {
    EXPECT_EQ(render_create_body({.version = "", .input = {{"extra", JsonText{good}}}}),
              R"({"input":{"extra":)" + good + "}}");
  }
}

}  // namespace
}  // namespace rellama::wire

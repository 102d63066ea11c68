#include "wire/request_json.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>

#include "support/expect_error.hpp"

namespace rellama::wire {
namespace {

TEST(RequestJson, fields_keep_their_order_and_types) {
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

TEST(RequestJson, official_models_get_no_version_field) {
  EXPECT_EQ(render_create_body({.version = "", .input = {{"prompt", std::string("Hi")}}}),
            R"({"input":{"prompt":"Hi"}})");
}

TEST(RequestJson, an_empty_input_is_an_empty_object) {
  EXPECT_EQ(render_create_body({.version = "v", .input = {}}), R"({"version":"v","input":{}})");
}

TEST(RequestJson, text_is_escaped_and_otherwise_unchanged) {
  EXPECT_EQ(render_create_body(
                {.version = "",
                 .input = {{"prompt", std::string("a\"b\\c\n\t\r\x01 \xF0\x9F\xA6\x99")}}}),
            "{\"input\":{\"prompt\":\"a\\\"b\\\\c\\n\\t\\r\\u0001 \xF0\x9F\xA6\x99\"}}");
}

TEST(RequestJson, integers_of_every_size_are_exact) {
  EXPECT_EQ(render_create_body({.version = "",
                                .input = {{"a", std::numeric_limits<std::int64_t>::max()},
                                          {"b", std::numeric_limits<std::int64_t>::min()}}}),
            R"({"input":{"a":9223372036854775807,"b":-9223372036854775808}})");
}

TEST(RequestJson, numbers_are_rendered_in_their_shortest_form) {
  EXPECT_EQ(render_create_body({.version = "", .input = {{"a", 1.0}, {"b", 0.01}, {"c", 0.1}}}),
            R"({"input":{"a":1.0,"b":0.01,"c":0.1}})");
}

TEST(RequestJson, invalid_json_is_rejected_with_the_name_of_its_input) {
  for (const std::string bad : {"", "{", "{'a':1}", "[1,]", "nope", "1 2"}) {
    const Error error = test::error_of([&] {
      return render_create_body({.version = "", .input = {{"extra", JsonText{bad}}}});
    });
    EXPECT_EQ(error.kind(), ErrorKind::invalid_input) << bad;
    EXPECT_TRUE(test::holds(error.what(), "'extra' is not JSON"));
  }
}

TEST(RequestJson, json_values_of_every_type_are_accepted) {
  for (const std::string good : {"null", "7", "\"x\"", "[]", "{}", "true", "-1.5e-05"}) {
    EXPECT_EQ(render_create_body({.version = "", .input = {{"extra", JsonText{good}}}}),
              R"({"input":{"extra":)" + good + "}}");
  }
}

}  // namespace
}  // namespace rellama::wire

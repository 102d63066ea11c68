#include "wire/json_reader.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace rellama::wire {
namespace {

// Whether all of `json` is read as one value.
bool reads(const std::string& json) {
  JsonReader reader(json);
  const auto value = reader.take_value();
  return value && reader.at_end();
}

bool is_compact(const std::string& json) {
  JsonReader reader(json);
  EXPECT_TRUE(reader.take_value()) << json;
  return reader.is_compact();
}

TEST(JsonReader, reads_every_kind_of_value) {
  for (const std::string json :
       {R"({})", R"({ })", R"([])", R"([ ])", R"({"a":1,"b":[true,false,null,"x",{}]})",
        " { \"a\" :\n1 ,\r\"b\"\t: [ 2 , 3 ] } ", R"("\"\\\/\b\f\n\r\t\u00e9\ud83d\ude80")", "0",
        "-0", "-0.0", "10", "1.5", "1e5", "1E+05", "2e-06", "0.00012", "-12.50e-1", "true",
        "18446744073709551616"}) {
    EXPECT_TRUE(nlohmann::json::accept(json)) << json;
    EXPECT_TRUE(reads(json)) << json;
  }
}

TEST(JsonReader, refuses_what_a_general_json_parser_refuses) {
  for (const std::string json :
       {"",          " ",           "{",          "}",        "[",
        "]",         "[1",          "[1,]",       "[,1]",     "[1 2]",
        "[1}",       "{]",          "{,}",        "{1:2}",    R"({"a"})",
        R"({"a":})", R"({"a":1,})", R"({"a" 1})", R"({a:1})", R"({"a":1"b":2})",
        "01",        "-",           "--1",        "+1",       ".5",
        "1.",        "1.e5",        "1e",         "1e+",      "1e-+5",
        "0x1",       "1 2",         "tru",        "nulL",     "truefalse",
        "NaN",       "Infinity",    "'a'",        "\"a",      R"("\x")",
        "\"a\nb\"",  R"("\ud83d")", "\"\0\"",     "1e999",    "//1\n1"}) {
    EXPECT_FALSE(nlohmann::json::accept(json)) << json;
    EXPECT_FALSE(reads(json)) << json;
  }
}

TEST(JsonReader, leaves_large_numbers_and_deep_or_long_values_to_a_general_parser) {
  const auto nested = [](std::size_t levels) {
    return std::string(levels, '[') + std::string(levels, ']');
  };
  const auto list = [](std::size_t values) {
    std::string json = "[0";
    for (std::size_t i = 1; i < values; ++i) json += ",0";
    return json + "]";
  };
  EXPECT_TRUE(reads("1e99"));
  EXPECT_FALSE(reads("1e100"));
  EXPECT_TRUE(reads(std::string(200, '9')));
  EXPECT_FALSE(reads(std::string(400, '9')));
  EXPECT_TRUE(reads(nested(64)));
  EXPECT_FALSE(reads(nested(100)));
  EXPECT_FALSE(reads(nested(1'000'000)));
  EXPECT_TRUE(reads(list(90'000)));
  EXPECT_FALSE(reads(list(110'000)));
}

TEST(JsonReader, returns_a_value_as_it_is_written) {
  const std::string json = R"( {"a": [1.50, "\u2615"]} ,2)";
  JsonReader reader(json);
  EXPECT_EQ(reader.take_value(), R"({"a": [1.50, "\u2615"]})");
  EXPECT_TRUE(reader.take(','));
  EXPECT_EQ(reader.take_value(), "2");
  EXPECT_TRUE(reader.at_end());
}

TEST(JsonReader, compact_is_what_has_no_space_and_no_escape_without_need) {
  for (const std::string json : {R"({"a":1,"b":[2,"x y"]})", R"(["\"\\\b\f\n\r\t",{}])", " 1 "}) {
    EXPECT_TRUE(is_compact(json)) << json;
  }
  for (const std::string json :
       {R"({ })", R"({"a": 1})", R"({"a" :1})", R"([1 ])", R"([1, 2])", R"([ 1])", "[1,\n2]",
        R"(["\u2615"])", R"({"\u0061":1})", R"("\/")"}) {
    EXPECT_FALSE(is_compact(json)) << json;
  }
  const std::string two = R"([[ ],[]])";
  JsonReader reader(two);
  EXPECT_TRUE(reader.take('['));
  EXPECT_TRUE(reader.take_value());
  EXPECT_FALSE(reader.is_compact());
  EXPECT_TRUE(reader.take(','));
  EXPECT_TRUE(reader.take_value());
  EXPECT_TRUE(reader.is_compact());
}

TEST(JsonReader, decodes_strings_and_names) {
  const std::string json = R"({"plain":"a","esc\u0061ped":"\ud83d\ude80\n"})";
  JsonReader reader(json);
  std::vector<std::string> seen;
  const auto take_member = [&](std::string_view name) {
    seen.emplace_back(name);
    const auto text = reader.take_string();
    if (text) seen.emplace_back(*text);
    return text.has_value();
  };
  EXPECT_TRUE(reader.take_object(take_member));
  EXPECT_TRUE(reader.at_end());
  EXPECT_EQ(seen, (std::vector<std::string>{"plain", "a", "escaped", "\xF0\x9F\x9A\x80\n"}));
}

}  // namespace
}  // namespace rellama::wire

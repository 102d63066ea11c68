#include "wire/string_array.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace rellama::wire {
namespace {

// The strings of an array, and where it ended; nothing if it is refused.
std::optional<std::vector<std::string>> read_array(const std::string& json) {
  Output output;
  const auto end = read_string_array(json, 1, output);
  if (!end) return std::nullopt;
  EXPECT_EQ(end->array, json.size()) << json;
  std::vector<std::string> pieces;
  for (std::size_t i = 0; i < output.piece_count(); ++i) pieces.emplace_back(output.piece(i));
  return pieces;
}

TEST(StringArray, agrees_with_a_general_json_parser) {
  for (const std::string json :
       {R"([])", R"([ ])", R"([""])", R"(["a"])", R"(["a","b"])", "[ \"a\" ,\n\t\"b\"\r]",
        R"(["\"\\\/\b\f\n\r\t"])", R"(["x\u00e9y","\u20AC","\ud83d\ude80!","\u0000"])",
        R"(["caf)"
        "\xC3\xA9"
        R"(", ")"
        "\xF0\x9F\x9A\x80"
        R"("])",
        R"(["]","[",",","\\"])"}) {
    const auto pieces = read_array(json);
    ASSERT_TRUE(pieces) << json;
    EXPECT_EQ(*pieces, nlohmann::json::parse(json).get<std::vector<std::string>>()) << json;
  }
}

TEST(StringArray, rejects_anything_but_an_array_of_strings) {
  for (const std::string json : {R"([1])",         R"(["a",1])",
                                 R"(["a",])",      R"([,"a"])",
                                 R"(["a" "b"])",   R"(["a")",
                                 R"(["a)",         R"(["a\)",
                                 R"(["\x"])",      R"(["\u12"])",
                                 R"(["\u12G4"])",  R"(["\ud83d"])",
                                 R"(["\ud83dx"])", R"(["\ud83d\u0041"])",
                                 R"(["\ude80"])",  "[\"a\nb\"]",
                                 "[\"\xC3\"]",     "[\"\xED\xA0\x80\"]",
                                 "[\"a\"}",        "["}) {
    EXPECT_FALSE(read_array(json)) << json;
  }
}

TEST(StringArray, continues_after_a_string) {
  const std::string json = R"(["a","b", "c"] x)";
  Output output;
  const auto end = read_string_array(json, 4, output);
  ASSERT_TRUE(end);
  EXPECT_EQ(output.text(), "bc");
  EXPECT_EQ(json.substr(end->items), "] x");
  EXPECT_EQ(json.substr(end->array), " x");
}

}  // namespace
}  // namespace rellama::wire

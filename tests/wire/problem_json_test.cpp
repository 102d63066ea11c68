#include "wire/problem_json.hpp"

#include <gtest/gtest.h>

#include <string>

#include "support/expect_error.hpp"
#include "wire/utf8.hpp"

namespace rellama::wire {
namespace {

std::string words(const std::string& body) {
  return render_problem(parse_problem(body));
}

TEST(ProblemJson, title_and_detail_are_shown) {
  const Problem problem =
      parse_problem(R"({"title":"Not authenticated","detail":"No token was passed","status":401})"
                    "\n");
  EXPECT_EQ(problem.title, "Not authenticated");
  EXPECT_EQ(problem.detail, "No token was passed");
  EXPECT_FALSE(problem.retry_after);
  EXPECT_EQ(render_problem(problem), "Not authenticated: No token was passed");
}

TEST(ProblemJson, title_or_detail_may_be_missing) {
  EXPECT_EQ(words(R"({"detail":"No such thing","status":404})"), "No such thing");
  EXPECT_EQ(words(R"({"title":"Gone","status":410})"), "Gone");
  EXPECT_EQ(words(R"({"title":null,"detail":null})"), "");
  EXPECT_EQ(words("{}"), "");
}

TEST(ProblemJson, a_title_repeated_in_the_detail_is_shown_once) {
  EXPECT_EQ(words(R"({"title":"Bad version","detail":"Bad version: 1"})"), "Bad version: 1");
}

TEST(ProblemJson, rejected_fields_are_named_as_the_user_typed_them) {
  const std::string body =
      R"({"title":"Input validation failed","status":422,"detail":"- input.temperature: Must be 5\n",)"
      R"("invalid_fields":[{"type":"number_lte","field":"input.temperature",)"
      R"("description":"Must be less than or equal to 5"},)"
      R"({"type":"required","field":"input","description":"prompt is required"},)"
      R"({"type":"required","field":"","description":"version is required"}]})";
  const Problem problem = parse_problem(body);
  ASSERT_EQ(problem.invalid_fields.size(), 3U);
  EXPECT_EQ(problem.invalid_fields[0].field, "input.temperature");
  EXPECT_EQ(problem.invalid_fields[0].description, "Must be less than or equal to 5");
  EXPECT_EQ(words(body),
            "temperature: Must be less than or equal to 5, input: prompt is required, version is "
            "required");
}

TEST(ProblemJson, malformed_rejected_fields_are_ignored) {
  EXPECT_EQ(words(R"({"detail":"no","invalid_fields":null})"), "no");
  EXPECT_EQ(words(R"({"detail":"no","invalid_fields":{"a":1}})"), "no");
  EXPECT_EQ(words(R"({"detail":"no","invalid_fields":["x",7,null]})"), "no");
  EXPECT_EQ(words(R"({"invalid_fields":[{"field":"input.seed"}]})"), "seed");
}

TEST(ProblemJson, a_throttled_response_says_when_to_retry) {
  const Problem problem =
      parse_problem(R"({"detail":"Throttled. Resets in ~5s.","status":429,"retry_after":5})");
  EXPECT_EQ(problem.detail, "Throttled. Resets in ~5s.");
  EXPECT_EQ(problem.retry_after, 5.0);
  EXPECT_EQ(parse_problem(R"({"retry_after":0.25})").retry_after, 0.25);
  EXPECT_FALSE(parse_problem(R"({"detail":"Resets in ~30s."})").retry_after);
  EXPECT_FALSE(parse_problem(R"({"retry_after":null})").retry_after);
  EXPECT_FALSE(parse_problem(R"({"retry_after":"soon"})").retry_after);
}

TEST(ProblemJson, errors_of_cog_containers_are_understood) {
  EXPECT_EQ(words(R"({"error":"At capacity","status":"failed"})"), "At capacity");
  EXPECT_EQ(words(R"({"message":"nope"})"), "nope");
  EXPECT_EQ(words(R"({"detail":[{"loc":["body","input","x"],"msg":"too big"}]})"), "x: too big");
}

TEST(ProblemJson, plain_text_is_shown_on_one_line) {
  EXPECT_EQ(words("answer 404 (no such backend) \n"), "answer 404 (no such backend)");
  EXPECT_EQ(words("two\r\n\r\n  lines\tand a tab"), "two lines and a tab");
  EXPECT_EQ(words("{\"detail\": \"cut of"), "{\"detail\": \"cut of");
  EXPECT_EQ(words("\"a JSON string\""), "a JSON string");
  EXPECT_EQ(words("[1, 2]"), "[1, 2]");
}

TEST(ProblemJson, an_html_page_is_not_shown) {
  for (const std::string page : {"<html><body>502</body></html>", "\r\n <!DOCTYPE html><p>x",
                                 "<?xml version='1.0'?><Error/>"}) {
    EXPECT_EQ(words(page), "an HTML page instead of a response");
  }
}

TEST(ProblemJson, an_empty_body_gives_an_empty_message) {
  EXPECT_EQ(words(""), "");
  EXPECT_EQ(words(" \r\n"), "");
}

TEST(ProblemJson, long_text_is_cut_at_a_character_boundary) {
  for (int shift = 0; shift < 4; ++shift) {
    std::string llamas(static_cast<std::size_t>(shift), '-');
    for (int i = 0; i < 500; ++i) llamas += "\xF0\x9F\xA6\x99";
    for (const std::string& body : {llamas, R"({"detail":")" + llamas + "\"}"}) {
      const std::string text = words(body);
      EXPECT_LE(text.size(), 310U);
      EXPECT_GE(text.size(), 290U);
      EXPECT_TRUE(text.ends_with("…"));
      EXPECT_EQ(find_invalid_utf8(text), std::nullopt);
    }
  }
}

TEST(ProblemJson, no_input_makes_it_throw) {
  for (const std::string& body :
       {std::string(100'000, '['), std::string("\xFF\xFE\x80"), std::string("\0\0", 2),
        std::string(R"({"detail":"\ud800"})"), std::string(R"({"title":7,"detail":false})"),
        std::string(R"({"retry_after":1e999})"), std::string("nan"), std::string("{{{")}) {
    EXPECT_NO_THROW({ [[maybe_unused]] const auto text = words(body); });
  }
}

}  // namespace
}  // namespace rellama::wire

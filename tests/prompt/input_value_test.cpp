#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <utility>

#include "prompt/model_names.hpp"
#include "prompt/render.hpp"
#include "support/expect_error.hpp"

namespace rellama::prompt {
namespace {

using test::holds;
using test::kOfficial;
using test::kPinned;
using test::kUnknown;

InputValue value_of(const std::string& model, const std::string& name, const std::string& text) {
  return parse_input_value(find_build(parse_model_ref(model)), name, text);
}

TEST(ParseInputValue, text_for_a_known_input_gets_its_type) {
  EXPECT_EQ(value_of(kOfficial, "max_tokens", "007"), InputValue(std::int64_t{7}));
  EXPECT_EQ(value_of(kOfficial, "temperature", "1"), InputValue(1.0));
  EXPECT_EQ(value_of(kOfficial, "system_prompt", "42"), InputValue(std::string("42")));
  EXPECT_EQ(value_of(kOfficial, "system_prompt", ""), InputValue(std::string()));
  EXPECT_EQ(value_of(kPinned, "debug", "true"), InputValue(true));
}

TEST(ParseInputValue, text_that_cannot_be_converted_is_rejected) {
  using Case = std::pair<std::string, std::string>;
  for (const auto& [name, text] :
       {Case{"max_new_tokens", "5.5"}, Case{"max_new_tokens", ""},
        Case{"top_k", "9223372036854775808x"}, Case{"temperature", "warm"},
        Case{"temperature", "0.5x"}, Case{"temperature", " 1"}, Case{"temperature", "1e999"},
        Case{"debug", "1"}, Case{"debug", "TRUE"}}) {
    const Error error = test::error_of([&, n = name, t = text] { return value_of(kPinned, n, t); });
    EXPECT_EQ(error.kind(), ErrorKind::invalid_input);
    EXPECT_TRUE(holds(error.what(), name + " cannot be '" + text + "'"));
  }
}

TEST(ParseInputValue, whole_numbers_that_no_number_type_holds_are_kept_as_written) {
  for (const std::string number : {"9223372036854775808", "-12345678901234567890123"}) {
    EXPECT_EQ(value_of(kPinned, "top_k", number), InputValue(JsonText{number}));
    EXPECT_EQ(value_of(kPinned, "temperature", number), InputValue(JsonText{number}));
    EXPECT_EQ(value_of(kUnknown, "x", number), InputValue(JsonText{number}));
  }
  EXPECT_EQ(value_of(kPinned, "temperature", "9007199254740993"),
            InputValue(JsonText{"9007199254740993"}));
}

TEST(ParseInputValue, the_type_for_an_unknown_input_is_guessed) {
  EXPECT_EQ(value_of(kUnknown, "x", "true"), InputValue(true));
  EXPECT_EQ(value_of(kUnknown, "x", "false"), InputValue(false));
  EXPECT_EQ(value_of(kUnknown, "x", "42"), InputValue(std::int64_t{42}));
  EXPECT_EQ(value_of(kUnknown, "x", "-42"), InputValue(std::int64_t{-42}));
  EXPECT_EQ(value_of(kUnknown, "x", "0"), InputValue(std::int64_t{0}));
  EXPECT_EQ(value_of(kUnknown, "x", "0.5"), InputValue(0.5));
  EXPECT_EQ(value_of(kUnknown, "x", "1e-3"), InputValue(1e-3));
  for (const std::string word : {"", "yes", "True", "007", "-007", "inf", "nan", "0x10", "1e", "-",
                                 ".", "e", "1.2.3", "1-2"}) {
    EXPECT_EQ(value_of(kUnknown, "x", word), InputValue(word)) << word;
  }
}

}  // namespace
}  // namespace rellama::prompt

#include "options/value_checks.hpp"

#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <string>

#include "options/model_options.hpp"
#include "support/expect_error.hpp"

namespace rellama::program {
namespace {

using test::holds;

// What a check makes of a text, or its complaint.
std::string checked(const CLI::Validator& check, std::string text) {
  const std::string complaint = check(text);
  return complaint.empty() ? text : complaint;
}

TEST(ValueChecks, whole_numbers_are_decimal) {
  const auto whole = [](const char* text) { return checked(whole_number(), text); };
  EXPECT_EQ(whole("100"), "100");
  EXPECT_EQ(whole("0100"), "100");
  EXPECT_EQ(whole("08"), "8");
  EXPECT_EQ(whole("+5"), "5");
  EXPECT_EQ(whole("-1"), "-1");
  EXPECT_EQ(whole("9223372036854775807"), "9223372036854775807");
  EXPECT_EQ(whole("99999999999999999999"), "'99999999999999999999' is out of range");
  EXPECT_EQ(whole("-99999999999999999999"), "'-99999999999999999999' is out of range");
  for (const char* text : {"", " ", "0x10", "1e3", "1.0", "1 ", " 1", "+-1", "--1", "1_000", "x"}) {
    EXPECT_EQ(whole(text), "it takes a whole number, not '" + std::string(text) + "'");
  }
}

TEST(ValueChecks, numbers_are_decimal_and_finite) {
  const auto number = [](const char* text) { return checked(decimal_number(), text); };
  EXPECT_EQ(number("0.5"), "0.5");
  EXPECT_EQ(number("01.50"), "1.5");
  EXPECT_EQ(number("+1e-3"), "0.001");
  EXPECT_EQ(number("1e999"), "'1e999' is out of range");
  for (const char* text : {"", "nan", "inf", "0x1p3", "1,5", "1.5x", "."}) {
    EXPECT_EQ(number(text), "it takes a number, not '" + std::string(text) + "'");
  }
}

TEST(ValueChecks, durations_and_sizes_say_what_they_accept) {
  EXPECT_EQ(checked(duration(), "1m30s"), "1m30s");
  EXPECT_TRUE(holds(checked(duration(), ""), "\"\" is not a duration; write it like 30"));
  EXPECT_EQ(checked(size(), "10M"), "10M");
  EXPECT_TRUE(holds(checked(size(), "ten"), "\"ten\" is not a size; write it like"));
}

TEST(ValueChecks, every_parameter_that_is_a_number_has_one) {
  ModelOptions options;
  CLI::App app;
  declare(app, options);
  app.parse("--max-new-tokens 0100 --seed 08 --top-k +7 --temperature 01.5");
  EXPECT_EQ(options.parameters.max_new_tokens, 100);
  EXPECT_EQ(options.parameters.seed, 8);
  EXPECT_EQ(options.parameters.top_k, 7);
  EXPECT_EQ(options.parameters.temperature, 1.5);
  for (const char* name :
       {"--max-new-tokens", "--min-new-tokens", "--seed", "--top-k", "--temperature", "--top-p"}) {
    for (const char* text : {"", "0x10"}) {
      EXPECT_THROW(app.parse(std::vector<std::string>{text, name}), CLI::ValidationError) << name;
    }
  }
  EXPECT_THROW(app.parse("--seed 99999999999999999999"), CLI::ValidationError);
}

}  // namespace
}  // namespace rellama::program

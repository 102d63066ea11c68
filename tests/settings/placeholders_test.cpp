#include "settings/placeholders.hpp"

#include <gtest/gtest.h>

#include "support/expect_error.hpp"

namespace rellama::settings {
namespace {

TEST(Placeholders, each_is_replaced_everywhere) {
  EXPECT_EQ(fill("{{a}}{{ b }}-{{a}}", {{"a", "1"}, {"b", "2"}}), "12-1");
  EXPECT_EQ(fill("", {}), "");
  EXPECT_EQ(fill("no { place } here }}", {}), "no { place } here }}");
}

TEST(Placeholders, inserted_text_is_not_expanded_again) {
  EXPECT_EQ(fill("{{input}} {{name}}", {{"input", "{{name}} {{{{ {{"}, {"name", "x"}}),
            "{{name}} {{{{ {{ x");
  EXPECT_EQ(fill("{{a}}{{b}}", {{"a", "{"}, {"b", "{c}}"}}), "{{c}}");
  EXPECT_EQ(fill("{{a|{b}}", {}), "{b");
}

TEST(Placeholders, a_fallback_is_used_literally) {
  EXPECT_EQ(fill("{{to|English}}", {}), "English");
  EXPECT_EQ(fill("{{to|English}}", {{"to", "German"}}), "German");
  EXPECT_EQ(fill("<{{to|}}>", {}), "<>");
  EXPECT_EQ(fill("{{to| a|b }}", {}), " a|b ");
  EXPECT_EQ(fill("{{to|English}}", {{"to", ""}}), "") << "an empty value is a value";
}

TEST(Placeholders, four_braces_are_two) {
  EXPECT_EQ(fill("{{{{name}}", {}), "{{name}}");
  EXPECT_EQ(fill("{{{{{{a}}", {{"a", "1"}}), "{{1");
  EXPECT_EQ(fill("{{{{{{{{", {}), "{{{{");
}

TEST(Placeholders, a_missing_one_is_named_with_the_option_to_set_it) {
  const Error error = test::error_of([] { (void)fill("{{a}} {{to}}", {{"a", "1"}}); });
  EXPECT_EQ(error.kind(), ErrorKind::invalid_input);
  EXPECT_EQ(std::string(error.what()), "the parameter 'to' is missing; set it with -p to=VALUE");
}

TEST(Placeholders, what_only_starts_like_one_is_refused) {
  for (const char* text :
       {"{{", "{{a", "{{}}", "{{a b}}", "{{1}}", "{{a.b}}", "{{|x}}", "{{{a}}"}) {
    EXPECT_THROW((void)fill(text, {{"a", "1"}}), Error) << text;
    EXPECT_THROW((void)find_placeholders(text), Error) << text;
  }
}

TEST(Placeholders, each_is_listed_once_with_a_fallback_only_if_it_always_has_one) {
  const auto found = find_placeholders("{{b|x}} {{a|y}} {{b}} {{a|z}} {{{{c}}");
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].name, "b");
  EXPECT_FALSE(found[0].fallback.has_value());
  EXPECT_EQ(found[1].name, "a");
  EXPECT_EQ(found[1].fallback, "y");
}

}  // namespace
}  // namespace rellama::settings
